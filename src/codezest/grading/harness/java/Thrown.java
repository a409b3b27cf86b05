package codezest.tests;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Set;

/** Exceptions of the learner's, as the tests see them: of a stand-in, or of a class of the platform that does nothing but say so. */
final class Thrown {
    /** Not an OutOfMemoryError, for which JUnit gives up all tests. */
    private static final Set<String> EXCEPTIONS = Set.of("ArithmeticException", "ArrayIndexOutOfBoundsException", "ArrayStoreException", "AssertionError", "ClassCastException",
        "CloneNotSupportedException", "Error", "Exception", "IllegalArgumentException", "IllegalStateException", "IndexOutOfBoundsException", "InterruptedException",
        "NegativeArraySizeException", "NullPointerException", "NumberFormatException", "RuntimeException", "StackOverflowError",
        "StringIndexOutOfBoundsException", "UnsupportedOperationException", "ReflectiveOperationException");
    private static final Set<String> MORE_EXCEPTIONS = Set.of("java.io.IOException", "java.io.FileNotFoundException", "java.io.UncheckedIOException", "java.util.ConcurrentModificationException",
        "java.util.EmptyStackException", "java.util.InputMismatchException", "java.util.NoSuchElementException", "java.util.concurrent.TimeoutException");

    private Thrown() {}

    /** `kinds`: names of its class and those above, nearest first. */
    static Throwable made(List<String> kinds, String message, Tests.Handle handle) {
        for (String kind : kinds) {
            try {
                if (Tests.standIns.contains(kind)) {
                    Constructor<?> constructor = Class.forName(kind).getDeclaredConstructor(Tests.Handle.class, String.class);
                    constructor.setAccessible(true);
                    return (Throwable) constructor.newInstance(handle, message);
                }
                if (!MORE_EXCEPTIONS.contains(kind) && !(kind.startsWith("java.lang.") && EXCEPTIONS.contains(kind.substring(10)))) continue;
                Class<?> type = Class.forName(kind);
                if (kind.equals("java.lang.AssertionError")) return new AssertionError((Object) message);
                try {
                    return (Throwable) type.getConstructor(String.class).newInstance(message);
                } catch (NoSuchMethodException none) {
                    return (Throwable) type.getConstructor().newInstance();
                }
            } catch (ReflectiveOperationException error) {
                // the next more general one will do
            }
        }
        return new RuntimeException((kinds.isEmpty() ? "" : kinds.get(0) + ": ") + message);
    }
}
