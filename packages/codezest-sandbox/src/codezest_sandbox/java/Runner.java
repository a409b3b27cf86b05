package codezest;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import jdk.internal.access.SharedSecrets;

/**
 * Runs the cases of one submission, one after the other, each in a class loader and a thread of its own.
 *
 * <p>Only for programs that {@link PlainProgram} has found to name nothing that outlives a case. Standard input, output and
 * error are files whose content the supervisor changes between cases. Over descriptor 3 comes, for each case, a frame
 * of {@code int length} and {@code entry NUL argument NUL ...} in UTF-8; one byte goes back when the case is over. The
 * supervisor believes no more of that byte than that the next case may begin, or must not.
 *
 * <p>Arguments: the directory of the class files. With a second one, whatever it is, it only rehearses and ends.
 */
public final class Runner {
    private static final int CONTROL = 3;
    private static final long STACK_BYTES = 16L << 20;
    private static final int LARGEST_CLASS_FILE = 1 << 24;

    private static final int READY = 'w';
    private static final int ENDED = 'n';
    private static final int FAILED = 'e';
    private static final int FAILED_AND_SPOILED = 's';
    private static final int ENDED_AND_SPOILED = 't';

    private static final InputStream INPUT = new LastingInput(FileDescriptor.in);
    private static final OutputStream OUTPUT = new LastingOutput(FileDescriptor.out);
    private static final OutputStream ERRORS = new LastingOutput(FileDescriptor.err);

    private final File program;
    private final Map<String, byte[]> classFiles = new HashMap<>();

    private Runner(File program) {
        this.program = program;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length > 1) {
            Rehearsal.playAll();
            return;
        }
        FileDescriptor control = new FileDescriptor();
        SharedSecrets.getJavaIOFileDescriptorAccess().set(control, CONTROL);
        DataInputStream requests = new DataInputStream(new FileInputStream(control));
        FileOutputStream answers = new FileOutputStream(control);
        Rehearsal.playOverture();
        answers.write(READY);
        Runner runner = new Runner(new File(arguments[0]));
        for (byte[] frame = read(requests); frame != null; frame = read(requests)) {
            answers.write(runner.runCase(new String(frame, StandardCharsets.UTF_8).split("\0", -1)));
        }
    }

    /** The next frame, or null when the supervisor is gone. */
    private static byte[] read(DataInputStream requests) throws IOException {
        try {
            return requests.readNBytes(requests.readInt());
        } catch (EOFException nobodyLeft) {
            return null;
        }
    }

    private int runCase(String[] entryAndArguments) throws InterruptedException {
        String[] arguments = new String[entryAndArguments.length - 1];
        System.arraycopy(entryAndArguments, 1, arguments, 0, arguments.length);
        System.setIn(new BufferedInputStream(INPUT));
        System.setOut(new PrintStream(new BufferedOutputStream(OUTPUT, 8192), true));
        System.setErr(new PrintStream(new BufferedOutputStream(ERRORS, 8192), true));
        Case task = new Case(entryAndArguments[0], arguments);
        Thread thread = new Thread(null, task, "main", STACK_BYTES);
        thread.start();
        thread.join();
        System.out.flush();
        System.err.flush();
        boolean alone = Thread.activeCount() == 1;
        return alone ? task.outcome : task.outcome == ENDED ? ENDED_AND_SPOILED : FAILED_AND_SPOILED;
    }

    /** What many programs close, and the next case needs. */
    private static final class LastingInput extends FileInputStream {
        LastingInput(FileDescriptor descriptor) {
            super(descriptor);
        }

        @Override
        public void close() {}
    }

    private static final class LastingOutput extends FileOutputStream {
        LastingOutput(FileDescriptor descriptor) {
            super(descriptor);
        }

        @Override
        public void close() {}
    }

    private byte[] classFile(String name) {
        return classFiles.computeIfAbsent(name, wanted -> {
            File file = new File(program, wanted.replace('.', '/') + ".class");
            try (FileInputStream content = new FileInputStream(file)) {
                return content.readNBytes(LARGEST_CLASS_FILE);
            } catch (IOException missing) {
                return null;
            }
        });
    }

    /** Defines the submission's classes anew; nothing of this runner can be found through it. */
    private final class Loader extends ClassLoader {
        Loader() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] content = classFile(name);
            if (content == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, content, 0, content.length);
        }
    }

    private final class Case implements Runnable {
        private final String entry;
        private final String[] arguments;
        private int outcome = FAILED_AND_SPOILED;

        Case(String entry, String[] arguments) {
            this.entry = entry;
            this.arguments = arguments;
        }

        @Override
        public void run() {
            try {
                Loader loader = new Loader();
                Thread.currentThread().setContextClassLoader(loader);
                Class<?> main = Class.forName(entry, false, loader);
                Method method = main.getMethod("main", String[].class);
                method.setAccessible(true); // the class need not be public
                method.invoke(null, (Object) arguments);
                outcome = ENDED;
            } catch (InvocationTargetException wrapped) {
                fail(wrapped.getCause());
            } catch (Throwable error) {
                fail(error);
            }
        }

        private void fail(Throwable error) {
            outcome = error instanceof Exception ? FAILED : FAILED_AND_SPOILED;
            report(error);
        }
    }

    /** As an uncaught exception of the main thread is reported, without frames of this class. */
    private static void report(Throwable error) {
        System.out.flush();
        cutFrames(error, Collections.newSetFromMap(new IdentityHashMap<>()));
        System.err.print("Exception in thread \"main\" ");
        error.printStackTrace();
    }

    private static void cutFrames(Throwable error, Set<Throwable> seen) {
        if (error == null || !seen.add(error)) {
            return;
        }
        StackTraceElement[] frames = error.getStackTrace();
        int end = frames.length;
        while (end > 0 && isOurs(frames[end - 1].getClassName())) {
            end--;
        }
        StackTraceElement[] kept = new StackTraceElement[end];
        System.arraycopy(frames, 0, kept, 0, end);
        error.setStackTrace(kept);
        cutFrames(error.getCause(), seen);
        for (Throwable suppressed : error.getSuppressed()) {
            cutFrames(suppressed, seen);
        }
    }

    private static boolean isOurs(String className) {
        return className.startsWith("codezest.Runner")
                || className.startsWith("jdk.internal.reflect.")
                || className.equals("java.lang.reflect.Method")
                || className.equals("java.lang.Thread");
    }
}
