package codezest.tests;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The tests' end of the link: what stand-ins call. */
public final class Tests extends Wire {
    /** What a stand-in knows of its original. */
    public record Handle(int number) {}

    /** Every stand-in for an object. */
    public interface StandIn {
        Handle codezestHandle();
    }

    static final Tests LINK = new Tests();
    /** Classes that the learner's side may name: stand-ins, and a few of the platform. */
    static Set<String> standIns = Set.of();
    static final Set<String> PLATFORM = Set.of("java.lang.String", "java.lang.Object", "java.lang.Integer", "java.lang.Long", "java.lang.Double",
        "java.lang.Boolean", "java.lang.Character", "java.lang.Number", "java.util.List", "java.util.Map", "java.util.Set", "[I", "[J", "[D", "[C", "[Z", "[B", "[[I",
        "[Ljava.lang.String;", "[F", "[S");
    Consumer<String> onBroken = how -> {};
    final StringBuilder printed = new StringBuilder();
    final Map<Throwable, String> places = new java.util.IdentityHashMap<>();
    private final Map<Integer, Object> exported = new HashMap<>();
    private final Map<Integer, Object> known = new HashMap<>();
    private int depth;

    private Tests() {
        super(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
    }

    void forget() {
        exported.clear();
        printed.setLength(0);
    }

    public static Object call(Class<?> owner, String signature, Object self, Object... given) {
        return LINK.ask('c', owner, signature, self, given);
    }

    public static Object constant(Class<?> owner, String name) {
        return LINK.ask('f', owner, name, null);
    }

    public static Handle create(Class<?> owner, String signature, Object... given) {
        return (Handle) LINK.ask('n', owner, signature, null, given);
    }

    public static boolean same(StandIn one, Object other) {
        if (one == other) return true;
        return other instanceof StandIn && Boolean.TRUE.equals(call(one.getClass(), "equals(java.lang.Object;)", one, other));
    }

    /** Lets a stand-in throw what its method does not declare. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException sneak(Throwable error) throws E {
        throw (E) error;
    }

    private Object ask(int action, Class<?> owner, String signature, Object self, Object... given) {
        if (++depth > 40) throw new StackOverflowError("too many calls back and forth between the tests and the program");
        Throwable error;
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            DataOutputStream to = new DataOutputStream(body);
            to.writeByte(action);
            text(to, owner.getName());
            text(to, signature);
            encode(to, self, 0);
            for (Object each : given) encode(to, each, 0);
            send(body);
            for (;;) {
                DataInputStream from = reader(receive());
                int kind = from.readByte();
                if (kind == '=') {
                    Object result = action == 'n' ? handle(from) : decode(from, Object.class, 0);
                    int changes = length(from);
                    for (int each = 0; each < changes; each += 1) change(given[from.readInt()], decode(from, Object.class, 0));
                    printed.append(text(from));
                    return result;
                }
                if (kind == '!') {
                    error = thrown(from);
                    printed.append(text(from));
                    break;
                }
                if (kind != '?') throw new LinkBroken("nonsense");
                serve(from);
            }
        } catch (LinkBroken broken) {
            onBroken.accept(broken.getMessage()); // does not return: no test may take this for something the learner's code did
            throw broken;
        } catch (IOException | ClassCastException | IndexOutOfBoundsException | NegativeArraySizeException nonsense) {
            onBroken.accept("nonsense");
            throw new LinkBroken("nonsense");
        } finally {
            depth -= 1;
        }
        throw Tests.<RuntimeException>sneak(error);
    }

    private static Handle handle(DataInputStream from) throws IOException {
        if (from.readByte() != 'H') throw new IOException("this is no object");
        Handle handle = new Handle(from.readInt());
        kinds(from);
        return handle;
    }

    private static List<String> kinds(DataInputStream from) throws IOException {
        List<String> kinds = new ArrayList<>();
        int count = length(from);
        for (int place = 0; place < count; place += 1) kinds.add(text(from));
        return kinds;
    }

    private Throwable thrown(DataInputStream from) throws IOException {
        List<String> kinds = kinds(from);
        String message = (String) decode(from, String.class, 0);
        String place = text(from);
        Handle handle = handle(from);
        Throwable made = Thrown.made(kinds, message, handle);
        made.setStackTrace(new StackTraceElement[0]);
        places.put(made, place);
        return made;
    }

    private void serve(DataInputStream from) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream to = new DataOutputStream(body);
        int number = from.readInt();
        String owner = text(from), signature = text(from);
        int count = length(from);
        List<Object> given = new ArrayList<>();
        for (int place = 0; place < count; place += 1) given.add(decode(from, Object.class, 0));
        printed.append(text(from));
        try {
            Object target = exported.get(number);
            Method method = offered(target, owner, signature);
            Object result = method.invoke(target, given.toArray());
            to.writeByte('=');
            encode(to, result, 0);
        } catch (InvocationTargetException | IllegalAccessException | IllegalArgumentException | NoSuchMethodException error) {
            Throwable cause = error.getCause() == null ? error : error.getCause();
            if (cause instanceof LinkBroken broken) throw broken;
            body.reset();
            to.writeByte('!');
            text(to, cause.getClass().getName());
            text(to, String.valueOf(cause.getMessage()));
        }
        send(body);
    }

    /** Only methods of interfaces can be called from the other side, and only on what the tests have handed out. */
    private static Method offered(Object target, String owner, String signature) throws NoSuchMethodException {
        if (target != null) {
            for (Class<?> kind = target.getClass(); kind != null; kind = kind.getSuperclass()) {
                for (Class<?> each : allInterfaces(kind)) {
                    if (!each.getName().equals(owner)) continue;
                    for (Method method : each.getMethods()) {
                        StringBuilder text = new StringBuilder(method.getName()).append('(');
                        for (Class<?> type : method.getParameterTypes()) text.append(type.getName()).append(';');
                        if (text.append(')').toString().equals(signature)) {
                            method.setAccessible(true);
                            return method;
                        }
                    }
                }
            }
        }
        throw new NoSuchMethodException("the tests do not offer " + signature);
    }

    private static List<Class<?>> allInterfaces(Class<?> kind) {
        List<Class<?>> found = new ArrayList<>(List.of(kind.getInterfaces()));
        for (Class<?> each : kind.getInterfaces()) found.addAll(allInterfaces(each));
        return found;
    }

    @SuppressWarnings("unchecked")
    private static void change(Object target, Object now) throws IOException {
        if (target != null && target.getClass().isArray() && now != null && target.getClass() == now.getClass() && Array.getLength(target) == Array.getLength(now)) {
            System.arraycopy(now, 0, target, 0, Array.getLength(now));
        } else if (target instanceof Collection<?> && now instanceof Collection<?>) {
            ((Collection<Object>) target).clear();
            ((Collection<Object>) target).addAll((Collection<Object>) now);
        } else if (target instanceof Map<?, ?> && now instanceof Map<?, ?>) {
            ((Map<Object, Object>) target).clear();
            ((Map<Object, Object>) target).putAll((Map<Object, Object>) now);
        } else throw new IOException("an argument cannot change its type");
    }

    @Override
    Class<?> find(String name) throws IOException {
        if (!standIns.contains(name) && !PLATFORM.contains(name)) throw new IOException(name);
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException error) {
            throw new IOException(name);
        }
    }

    @Override
    void encodeObject(DataOutputStream to, Object value) throws IOException {
        if (value instanceof StandIn standIn && standIn.codezestHandle() != null) {
            to.writeByte('R');
            to.writeInt(standIn.codezestHandle().number());
            return;
        }
        int number = exported.size() + 1;
        exported.put(number, value);
        to.writeByte('H');
        to.writeInt(number);
        List<String> names = new ArrayList<>();
        for (Class<?> kind = value.getClass(); kind != null; kind = kind.getSuperclass()) {
            for (Class<?> each : allInterfaces(kind)) if (each != StandIn.class && !names.contains(each.getName())) names.add(each.getName());
        }
        to.writeInt(names.size());
        for (String each : names) text(to, each);
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    Object decodeObject(int tag, DataInputStream from, Class<?> wanted) throws IOException {
        if (tag == 'R') return exported.get(from.readInt());
        if (tag == 'E') {
            Class<?> kind = find(text(from));
            String name = text(from);
            if (!kind.isEnum()) throw new IOException("this is no value");
            for (Object constant : kind.getEnumConstants()) if (((Enum) constant).name().equals(name)) return constant;
            throw new IOException("this is no value");
        }
        if (tag != 'H') throw new IOException("this is no value");
        int number = from.readInt();
        List<String> kinds = kinds(from);
        if (known.containsKey(number)) return known.get(number);
        Object made = null;
        for (String kind : kinds) {
            if (!standIns.contains(kind)) continue;
            try {
                Class<?> type = Class.forName(kind);
                if (type.isInterface()) {
                    made = java.lang.reflect.Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type, StandIn.class}, new Far(new Handle(number), type));
                } else if (StandIn.class.isAssignableFrom(type)) {
                    Constructor<?> constructor = Throwable.class.isAssignableFrom(type) ? type.getDeclaredConstructor(Handle.class, String.class) : type.getDeclaredConstructor(Handle.class);
                    constructor.setAccessible(true);
                    Object[] given = Throwable.class.isAssignableFrom(type) ? new Object[] {new Handle(number), null} : new Object[] {new Handle(number)};
                    made = constructor.newInstance(given);
                }
                if (made != null) break;
            } catch (ReflectiveOperationException error) {
                // the next more general one will do
            }
        }
        if (made == null) made = new Opaque(new Handle(number));
        known.put(number, made);
        return made;
    }

    /** An object of a class that has no stand-in. It is equal to nothing but itself. */
    private record Opaque(Handle codezestHandle) implements StandIn {}

    /** For an object that is known by an interface of the learner's only. */
    private record Far(Handle handle, Class<?> type) implements java.lang.reflect.InvocationHandler {
        @Override
        public Object invoke(Object self, Method method, Object[] given) {
            if (method.getDeclaringClass() == StandIn.class) return handle;
            StringBuilder text = new StringBuilder(method.getName()).append('(');
            for (Class<?> each : method.getParameterTypes()) text.append(each.getName()).append(';');
            Object[] all = given == null ? new Object[0] : given;
            if (method.getName().equals("equals") && all.length == 1) return Tests.same((StandIn) self, all[0]);
            return Tests.call(type, text.append(')').toString(), self, all);
        }
    }
}
