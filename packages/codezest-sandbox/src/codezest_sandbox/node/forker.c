/* Lets a warm Node fork copies of itself: one for each sandbox, and from that one for each run of a program.
 *
 * The library is loaded twice over, by name: as LD_PRELOAD, before V8 sets up its heap, so that its pages survive a fork
 * (V8 asks the kernel not to pass them on) and that a copy may end without waiting for threads which only the original
 * has; and as an N-API module, whose functions zygote.js calls. It needs no header of Node's: N-API is a stable ABI.
 *
 * A chain of trust: the original never meets a learner's code. A request makes it put a copy, the resident, into the
 * namespaces of a new sandbox, as child of the sandbox's first process. The resident never runs a learner's code either:
 * each request makes it fork a program into a process namespace of the program's own, from where nothing but the program's
 * own children can be named. The first process of that namespace (the keeper) is a thread-like process in the resident's
 * memory that does nothing but reap; the kernel kills everything in the namespace when the keeper is killed.
 *
 * The first program of a sandbox is forked ahead, and waits for orders. The first is to see whether the learner's files can
 * be compiled: nothing of them is executed by that, and what may go wrong stays in a process that has no rights.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <unistd.h>

/* ---- the part of N-API that is used here */

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
typedef struct uv_loop_s uv_loop_t;
extern int napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
extern int napi_set_named_property(napi_env, napi_value, const char *, napi_value);
extern int napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
extern int napi_get_value_int32(napi_env, napi_value, int32_t *);
extern int napi_create_string_utf8(napi_env, const char *, size_t, napi_value *);
extern int napi_create_int32(napi_env, int32_t, napi_value *);
extern int napi_create_uint32(napi_env, uint32_t, napi_value *);
extern int napi_get_uv_event_loop(napi_env, uv_loop_t **);
extern int napi_throw_error(napi_env, const char *, const char *);
extern int uv_loop_fork(uv_loop_t *);

/* ---- requests; `copies.py` is the other side */

enum { FOUND = 1, RUN = 2, RUN_LINKED = 3, WAIT = 4 };
enum { MOST_DESCRIPTORS = 16, LARGEST_MESSAGE = 1 << 16, MOST_LIMITS = 8 };
enum { STDIN, STDOUT, STDERR, REPORT, LINK, FIRST_EXTRA };
enum { CONNECTION, FIRST_NAMESPACE };

struct header {
    uint32_t kind;
    uint32_t filter_bytes;
    uint32_t text_bytes;
    uint32_t limits;
    struct { uint64_t which, value; } limit[MOST_LIMITS];
};

struct answer {
    int32_t error;
    int32_t program;
    int32_t keeper;
};

static union { struct header header; char bytes[LARGEST_MESSAGE]; } message;
static int given[MOST_DESCRIPTORS];
static int number_given;

static bool forked;
static int report = -1;
static int orders = -1; /* of a program that waits: where it is told what to do, and says that the files can be compiled */
static uv_loop_t *loop;

/* Where descriptors stand while a copy is made: above all that Node itself has open. */
enum { HIGH = 200, ORIGINALS_CONNECTION = 3 };
enum { SELF_TEST_SECONDS = 3 };

/* ---- system calls, without a word to the C library */

static long bare_call(long number, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
#else
#error "not written for this processor yet"
#endif
}

/* ---- what is put in the way of Node's own calls */

/* A ring cannot be shared with a copy, nor may programs have one. */
long syscall(long number, ...)
{
    va_list list;
    long a[6];
    va_start(list, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(list, long);
    va_end(list);
    long result = number == SYS_io_uring_setup ? -ENOSYS : bare_call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (result >= 0 || result < -4095)
        return result;
    errno = (int)-result;
    return -1;
}

int madvise(void *address, size_t length, int advice)
{
    if (advice == MADV_DONTFORK)
        return 0;
    return (int)syscall(SYS_madvise, address, length, advice);
}

/* Threads of the original. A copy has none of them, and must not wait for them when it ends. Their stacks are ours, or
 * else the C library would give their place, and with it their name, to the threads of the copy. */
enum { MOST_THREADS = 64, GUARD = 1 << 16 };
static pthread_t left_behind[MOST_THREADS];
static int number_left_behind;

typedef void *start_of_thread(void *);

static int create_original_thread(
    int (*create)(pthread_t *, const pthread_attr_t *, start_of_thread *, void *), pthread_t *thread,
    const pthread_attr_t *wanted, start_of_thread *start, void *argument)
{
    pthread_attr_t own;
    size_t size = 0;
    if (number_left_behind == MOST_THREADS)
        return EAGAIN;
    pthread_attr_init(&own);
    pthread_attr_getstacksize(wanted ? wanted : &own, &size);
    char *stack = mmap(
        NULL, size + GUARD, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED)
        return EAGAIN;
    mprotect(stack, GUARD, PROT_NONE);
    pthread_attr_setstack(&own, stack + GUARD, size);
    int result = create(thread, &own, start, argument);
    pthread_attr_destroy(&own);
    if (result == 0)
        left_behind[number_left_behind++] = *thread;
    else
        munmap(stack, size + GUARD);
    return result;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, start_of_thread *start, void *argument)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, start_of_thread *, void *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    if (!forked)
        return create_original_thread(real, thread, attributes, start, argument);
    return real(thread, attributes, start, argument);
}

int pthread_join(pthread_t thread, void **result)
{
    static int (*real)(pthread_t, void **);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_join");
    for (int i = 0; forked && i < number_left_behind; i++)
        if (pthread_equal(left_behind[i], thread))
            return 0;
    return real(thread, result);
}

/* Nor are there any of those who waited for these: to the C library they seem in use for ever. Nothing is lost. */
#define NOT_IN_A_COPY(name, type)                                                                                      \
    int name(type *thing)                                                                                              \
    {                                                                                                                  \
        static int (*real)(type *);                                                                                    \
        if (forked)                                                                                                    \
            return 0;                                                                                                  \
        if (!real)                                                                                                     \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                                                                 \
        return real(thing);                                                                                            \
    }
NOT_IN_A_COPY(pthread_cond_destroy, pthread_cond_t)
NOT_IN_A_COPY(pthread_mutex_destroy, pthread_mutex_t)

__attribute__((constructor)) static void forget_preload(void)
{
    unsetenv("LD_PRELOAD");
}

/* ---- descriptors */

/* Of the descriptors that Node opened before it began to serve: the highest, and which can be waited on. */
static int highest;
static bool is_epoll[HIGH];

static void survey_descriptors(void)
{
    struct epoll_event event;
    for (int descriptor = 3; descriptor < HIGH; descriptor++)
        if (fcntl(descriptor, F_GETFD) >= 0) {
            highest = descriptor;
            is_epoll[descriptor] = epoll_wait(descriptor, &event, 1, 0) >= 0;
        }
}

/* Before a copy is made: replace what the original has open, without freeing the numbers. libuv closes those it knows
 * when it renews its loop; others belong to threads that the copy has not, which are told of its end all the same. */
static void replace_descriptors(void)
{
    for (int descriptor = 3; descriptor <= highest; descriptor++) {
        if (fcntl(descriptor, F_GETFD) < 0)
            continue;
        int fresh = is_epoll[descriptor] ? epoll_create1(EPOLL_CLOEXEC) : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        dup3(fresh, descriptor, O_CLOEXEC);
        close(fresh);
    }
}

static void renew_loop(void)
{
    forked = true;
    uv_loop_fork(loop);
}

static void raise_given(int first)
{
    for (int i = 0; i < number_given; i++)
        dup3(given[i], first + i, O_CLOEXEC);
}

/* ---- rights */

static void bar_capabilities(void)
{
    for (int capability = 0; capability < 64; capability++)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
            break;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    prctl(PR_SET_SECUREBITS, 0x2f, 0, 0, 0);
}

static int keep_capabilities(uint32_t kept)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{kept, kept, 0}, {0, 0, 0}};
    return (int)syscall(SYS_capset, &header, data);
}

static int install_filter(const char *program, uint32_t bytes)
{
    struct sock_fprog filter = {(unsigned short)(bytes / sizeof(struct sock_filter)), (struct sock_filter *)program};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
}

static const char *filter_of_message(void) { return message.bytes + sizeof(struct header); }
static const char *text_of_message(void) { return filter_of_message() + message.header.filter_bytes; }

/* ---- the keeper: lives in the resident's memory, so it may touch nothing of the C library's, errno included */

static uint64_t keeper_signals = 1ull << (SIGCHLD - 1);
static char keeper_stack[8192] __attribute__((aligned(16)));

__attribute__((noreturn)) static int keep(void *unused)
{
    (void)unused;
    bare_call(SYS_close_range, 0, ~0u, 0, 0, 0, 0);
    bare_call(SYS_prctl, PR_SET_NAME, (long)"keeper", 0, 0, 0, 0);
    for (;;) { /* SIGCHLD is blocked, so that none is missed between the two calls */
        if (bare_call(SYS_wait4, -1, 0, __WALL, 0, 0, 0) < 0)
            bare_call(SYS_rt_sigtimedwait, (long)&keeper_signals, 0, 0, sizeof keeper_signals, 0, 0);
    }
}

/* ---- copies */

static const int namespaces[] = {
    CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWUTS, CLONE_NEWCGROUP,
};
enum { NAMESPACES = sizeof namespaces / sizeof *namespaces, FIRST_GROUP = FIRST_NAMESPACE + NAMESPACES };

static int settle_resident(void)
{
    renew_loop();
    for (int i = FIRST_NAMESPACE; i < number_given; i++)
        close(HIGH + i);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NAME, "node", 0, 0, 0);
    bar_capabilities();
    if (chdir("/") < 0 || keep_capabilities(1u << CAP_SYS_ADMIN) < 0)
        return -1;
    return install_filter(filter_of_message(), message.header.filter_bytes);
}

/* In a go-between: what it forks is born where it stands. To be moved costs the kernel a hundred times as much. */
static int enter_groups(void)
{
    for (int i = FIRST_GROUP; i < number_given; i++)
        if (write(HIGH + i, "0", 1) != 1)
            return -1;
    return 0;
}

/* In the original. Returns 0 there with `answer` filled; returns 1 in the new resident.
 *
 * Joining a process namespace only counts for children, and what is born there has a parent outside until that parent
 * ends: hence two go-betweens, neither of which costs a copy of memory.
 */
static int found(struct answer *answer)
{
    int status = 0;
    static volatile int made, failed;
    made = 0;
    failed = EAGAIN;
    if (number_given < FIRST_GROUP) {
        answer->error = EINVAL;
        return 0;
    }
    pid_t joiner = vfork();
    if (joiner == 0) {
        raise_given(HIGH);
        for (int i = 0; i < NAMESPACES; i++)
            if (setns(HIGH + FIRST_NAMESPACE + i, namespaces[i]) < 0) {
                failed = errno;
                _exit(1);
            }
        pid_t parent = vfork();
        if (parent == 0) {
            replace_descriptors();
            pid_t resident = enter_groups() < 0 ? -1 : fork();
            if (resident == 0) {
                if (settle_resident() < 0)
                    _exit(1);
                return 1;
            }
            failed = resident < 0 ? errno : 0;
            made = resident;
            _exit(0);
        }
        waitpid(parent, &status, 0);
        _exit(0);
    }
    if (joiner > 0)
        waitpid(joiner, &status, 0);
    answer->error = joiner < 0 ? errno : failed;
    answer->program = made;
    return 0;
}

static void apply_limits(void)
{
    for (uint32_t i = 0; i < message.header.limits && i < MOST_LIMITS; i++) {
        struct rlimit old, limit = {message.header.limit[i].value, message.header.limit[i].value};
        int which = (int)message.header.limit[i].which;
        if (getrlimit(which, &old) == 0 && old.rlim_max < limit.rlim_max)
            limit.rlim_cur = limit.rlim_max = old.rlim_max;
        setrlimit(which, &limit);
    }
}

/* Let what a program was given take the places where it looks for it. */
static void take_given(void)
{
    int first_kept = message.header.kind == WAIT ? LINK : FIRST_EXTRA;
    for (int i = 0; i < 3; i++)
        dup2(HIGH + i, i);
    if (message.header.kind == RUN)
        close(ORIGINALS_CONNECTION);
    else /* of one that waits, this only holds the place */
        dup2(HIGH + LINK, ORIGINALS_CONNECTION);
    for (int i = 0; i < number_given; i++) {
        close(given[i]);
        if (i != REPORT && i < first_kept)
            close(HIGH + i);
    }
    report = HIGH + REPORT;
}

static void settle_program(void)
{
    renew_loop();
    setsid();
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    apply_limits();
}

/* In a resident. Returns 0 there with `answer` filled; returns 1 in the new program. */
static int run(struct answer *answer)
{
    int status = 0;
    static volatile int keeper, program, failed;
    keeper = program = failed = 0;
    if (number_given < FIRST_EXTRA) { /* what a program has not is sent as a copy of its report */
        answer->error = EINVAL;
        return 0;
    }
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t parent = vfork();
    if (parent == 0) {
        raise_given(HIGH);
        if (unshare(CLONE_NEWPID) < 0) {
            failed = errno;
            _exit(1);
        }
        keeper = clone(keep, keeper_stack + sizeof keeper_stack, CLONE_VM | SIGCHLD, NULL);
        if (keeper < 0) {
            failed = errno;
            _exit(1);
        }
        replace_descriptors();
        program = fork();
        if (program == 0) {
            if (message.header.kind == WAIT)
                orders = HIGH + LINK;
            take_given();
            settle_program();
            sigprocmask(SIG_SETMASK, &before, NULL);
            return 1;
        }
        if (program < 0)
            failed = errno;
        _exit(0);
    }
    if (parent > 0)
        waitpid(parent, &status, 0);
    sigprocmask(SIG_SETMASK, &before, NULL);
    answer->error = parent < 0 ? errno : failed;
    answer->program = program;
    answer->keeper = keeper;
    return 0;
}

/* ---- requests */

static int receive(int connection)
{
    union { char bytes[CMSG_SPACE(sizeof given)]; struct cmsghdr align; } control;
    struct iovec part = {message.bytes, sizeof message};
    struct msghdr envelope = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t length;
    do
        length = recvmsg(connection, &envelope, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    number_given = 0;
    if (length <= 0)
        return -1;
    for (struct cmsghdr *part_of = CMSG_FIRSTHDR(&envelope); part_of; part_of = CMSG_NXTHDR(&envelope, part_of))
        if (part_of->cmsg_level == SOL_SOCKET && part_of->cmsg_type == SCM_RIGHTS) {
            number_given = (int)((part_of->cmsg_len - CMSG_LEN(0)) / sizeof(int));
            memcpy(given, CMSG_DATA(part_of), (size_t)number_given * sizeof(int));
        }
    struct header *header = &message.header;
    if ((size_t)length < sizeof *header || header->filter_bytes > LARGEST_MESSAGE || header->text_bytes > LARGEST_MESSAGE
        || sizeof *header + header->filter_bytes + header->text_bytes != (size_t)length)
        return -1;
    return 0;
}

static void drop_given(void)
{
    for (int i = 0; i < number_given; i++)
        close(given[i]);
    number_given = 0;
}

/* serve(connection): answers requests until the other side closes, which ends the process. In a program it returns what
 * zygote.js is to do, as text. */
static napi_value serve(napi_env env, napi_callback_info info)
{
    size_t count = 1;
    napi_value argument, text;
    int connection;
    napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
    if (count < 1 || napi_get_value_int32(env, argument, &connection) != 0)
        return NULL;
    napi_get_uv_event_loop(env, &loop);
    survey_descriptors();
    for (;;) {
        struct answer answer = {0, 0, 0};
        if (receive(connection) < 0)
            _exit(0);
        if (message.header.kind == FOUND) {
            if (found(&answer) == 1) { /* a resident, which serves its own sandbox */
                connection = HIGH + CONNECTION;
                drop_given();
                continue;
            }
            /* said here and not there, where nobody knows whether the sandbox's first process is its parent yet */
            send(given[CONNECTION], &answer, sizeof answer, MSG_NOSIGNAL);
        } else if (run(&answer) == 1) {
            break;
        } else {
            send(connection, &answer, sizeof answer, MSG_NOSIGNAL);
        }
        drop_given();
    }
    napi_create_string_utf8(env, text_of_message(), message.header.text_bytes, &text);
    return text;
}

/* lower(): no right is left, though all calls of a sandbox are. */
static napi_value lower(napi_env env, napi_callback_info info)
{
    (void)info;
    if (keep_capabilities(0) < 0)
        napi_throw_error(env, NULL, "the rights of the program could not be taken away");
    return NULL;
}

/* allIsWell(): the files can be compiled. */
static napi_value all_is_well(napi_env env, napi_callback_info info)
{
    (void)env, (void)info;
    if (send(orders, "+", 1, MSG_NOSIGNAL) != 1)
        _exit(1);
    return NULL;
}

/* nextOrder(): waits for what zygote.js is to do next, which it returns as text. */
static napi_value next_order(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value text;
    if (receive(orders) < 0 || number_given < FIRST_EXTRA)
        _exit(1);
    raise_given(HIGH); /* in place of what there was, `orders` included */
    take_given();
    apply_limits();
    napi_create_string_utf8(env, text_of_message(), message.header.text_bytes, &text);
    return text;
}

/* begin(): the last step before a learner's code. */
static napi_value begin(napi_env env, napi_callback_info info)
{
    (void)info;
    if (keep_capabilities(0) < 0 || install_filter(filter_of_message(), message.header.filter_bytes) < 0) {
        napi_throw_error(env, NULL, "the rights of the program could not be taken away");
        return NULL;
    }
    memset(&message, 0, sizeof message);
    if (write(report, "+", 1) != 1)
        _exit(1);
    close(report);
    return NULL;
}

static napi_value leave(napi_env env, napi_callback_info info)
{
    size_t count = 1;
    napi_value argument;
    int32_t status = 1;
    napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
    napi_get_value_int32(env, argument, &status);
    _exit(status);
}

static napi_value random_seed(napi_env env, napi_callback_info info)
{
    (void)info;
    uint32_t seed = 0;
    napi_value result;
    syscall(SYS_getrandom, &seed, sizeof seed, 0);
    napi_create_uint32(env, (seed & 0x7fffffff) | 1, &result);
    return result;
}

/* processId(): of a program, in its own namespace; Node only looks once. */
static napi_value process_id(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result;
    napi_create_int32(env, getpid(), &result);
    return result;
}

/* copy(): for the self-test, which has neither namespaces nor requests. Returns -1 in the copy, and in the original the
 * wait status of the copy. */
static napi_value copy(napi_env env, napi_callback_info info)
{
    (void)info;
    static volatile int status;
    volatile int result = -1;
    napi_value value;
    napi_get_uv_event_loop(env, &loop);
    survey_descriptors();
    status = -2;
    pid_t parent = vfork();
    if (parent == 0) {
        replace_descriptors();
        pid_t child = fork();
        if (child != 0) {
            int ended = 0;
            if (child > 0 && waitpid(child, &ended, 0) == child)
                status = ended;
            _exit(0);
        }
        renew_loop();
        alarm(SELF_TEST_SECONDS);
    } else {
        waitpid(parent, NULL, 0);
        result = status;
    }
    napi_create_int32(env, result, &value);
    return value;
}

int32_t node_api_module_get_api_version_v1(void) { return 8; }

napi_value napi_register_module_v1(napi_env env, napi_value exports)
{
    static const struct { const char *name; napi_callback function; } functions[] = {
        {"serve", serve}, {"lower", lower}, {"allIsWell", all_is_well}, {"nextOrder", next_order}, {"begin", begin}, {"leave", leave}, {"randomSeed", random_seed}, {"processId", process_id}, {"copy", copy}};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        napi_value function;
        napi_create_function(env, functions[i].name, strlen(functions[i].name), functions[i].function, NULL, &function);
        napi_set_named_property(env, exports, functions[i].name, function);
    }
    return exports;
}
