package codezest;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether compiled classes name nothing that could outlive one run of them in a shared virtual machine.
 *
 * <p>Byte code can only reach what its constant pool names. A program that names nothing but classes and members known
 * to keep no state beyond their instances may have all its cases run in one virtual machine, each in a fresh class
 * loader. Whatever else is named (threads, reflection, files, exit, default locales, errors that may strike in the
 * middle of somebody's initialisation) gives the program a virtual machine for each case: slower, never wrong.
 */
final class PlainProgram {
    private static final int LARGEST_TOTAL = 1 << 20;

    private static final Set<String> PACKAGES = Set.of(
            "java/math", "java/text", "java/time", "java/time/format", "java/time/temporal", "java/util",
            "java/util/concurrent/atomic", "java/util/function", "java/util/regex", "java/util/stream");

    private static final Set<String> EXCLUDED = words("""
            java/util/Formatter java/util/ListResourceBundle java/util/PropertyResourceBundle java/util/ResourceBundle
            java/util/ServiceLoader java/util/SimpleTimeZone java/util/TimeZone java/util/Timer java/util/TimerTask
            """);

    private static final Set<String> CLASSES = words("""
            java/io/BufferedInputStream java/io/BufferedOutputStream java/io/BufferedReader java/io/BufferedWriter
            java/io/ByteArrayInputStream java/io/ByteArrayOutputStream java/io/Closeable java/io/DataInputStream
            java/io/DataOutputStream java/io/EOFException java/io/Flushable java/io/IOException java/io/InputStream
            java/io/InputStreamReader java/io/OutputStream java/io/OutputStreamWriter java/io/PrintStream
            java/io/PrintWriter java/io/Reader java/io/Serializable java/io/StreamTokenizer java/io/StringReader
            java/io/StringWriter java/io/UncheckedIOException java/io/Writer
            java/lang/Appendable java/lang/ArithmeticException java/lang/ArrayIndexOutOfBoundsException
            java/lang/ArrayStoreException java/lang/AssertionError java/lang/AutoCloseable java/lang/Boolean
            java/lang/Byte java/lang/CharSequence java/lang/Character java/lang/Class java/lang/ClassCastException
            java/lang/CloneNotSupportedException java/lang/Cloneable java/lang/Comparable java/lang/Double
            java/lang/Enum java/lang/Exception java/lang/Float java/lang/IllegalArgumentException
            java/lang/IllegalStateException java/lang/IncompatibleClassChangeError
            java/lang/IndexOutOfBoundsException java/lang/Integer java/lang/InterruptedException java/lang/Iterable
            java/lang/Long java/lang/MatchException java/lang/Math java/lang/NegativeArraySizeException
            java/lang/NoSuchFieldError java/lang/NullPointerException java/lang/Number
            java/lang/NumberFormatException java/lang/Object java/lang/Readable java/lang/Record java/lang/Runnable
            java/lang/RuntimeException java/lang/Short java/lang/StrictMath java/lang/String java/lang/StringBuffer
            java/lang/StringBuilder java/lang/StringIndexOutOfBoundsException java/lang/System java/lang/Thread
            java/lang/Throwable java/lang/UnsupportedOperationException java/lang/Void
            java/lang/invoke/ConstantBootstraps java/lang/invoke/LambdaMetafactory
            java/lang/invoke/StringConcatFactory java/lang/runtime/ObjectMethods java/lang/runtime/SwitchBootstraps
            java/nio/charset/Charset java/nio/charset/StandardCharsets
            java/util/concurrent/Callable java/util/concurrent/ConcurrentHashMap
            java/util/concurrent/ConcurrentLinkedDeque java/util/concurrent/ConcurrentLinkedQueue
            java/util/concurrent/ConcurrentMap java/util/concurrent/ConcurrentSkipListMap
            java/util/concurrent/ConcurrentSkipListSet java/util/concurrent/CopyOnWriteArrayList
            java/util/concurrent/CopyOnWriteArraySet java/util/concurrent/ThreadLocalRandom
            java/util/concurrent/TimeUnit
            """);

    /** Named by every class with a lambda, and of no use without naming a member. */
    private static final Set<String> MENTIONED_ONLY =
            words("java/lang/invoke/MethodHandles java/lang/invoke/MethodHandles$Lookup");

    /** Of these classes only the members listed are plain. */
    private static final Map<String, Set<String>> MEMBERS = Map.of(
            "java/lang/Class", words("cast desiredAssertionStatus equals getName getSimpleName hashCode isInstance toString"),
            "java/lang/System", words("arraycopy currentTimeMillis err identityHashCode in lineSeparator nanoTime out"),
            "java/lang/Thread", words("sleep"));

    /** Wherever they are: what starts threads, and what shows or changes who called. */
    private static final Set<String> REFUSED_MEMBERS = words("""
            parallel parallelPrefix parallelSetAll parallelSort parallelStream
            getStackTrace setStackTrace fillInStackTrace finalize setDefault
            """);

    private final Set<String> own;

    private PlainProgram(Set<String> own) {
        this.own = own;
    }

    /** The argument maps binary names, with dots, to class files. */
    static boolean isPlain(Map<String, byte[]> classes) {
        Set<String> own = new HashSet<>();
        long total = 0;
        for (Map.Entry<String, byte[]> each : classes.entrySet()) {
            own.add(each.getKey().replace('.', '/'));
            total += each.getValue().length;
        }
        if (total > LARGEST_TOTAL) {
            return false;
        }
        PlainProgram program = new PlainProgram(own);
        try {
            for (byte[] content : classes.values()) {
                if (!program.isPlainClass(content)) {
                    return false;
                }
            }
            return true;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private boolean isPlainClass(byte[] content) throws IOException {
        ConstantPool pool = new ConstantPool(new DataInputStream(new ByteArrayInputStream(content)));
        for (int index = 1; index < pool.size(); index++) {
            if (pool.isClass(index) && !mayBeMentioned(pool.className(index))) {
                return false;
            }
            if (pool.isMember(index) && !mayBeUsed(pool.owner(index), pool.memberName(index), pool.descriptor(index))) {
                return false;
            }
        }
        return !pool.hasText("finalize"); // one that it declares would be run by a thread of the machine
    }

    private boolean mayBeMentioned(String name) {
        return isPlainName(name) || MENTIONED_ONLY.contains(name);
    }

    private boolean isPlainName(String name) {
        if (name.startsWith("[")) {
            String element = name.replace("[", "");
            return !element.startsWith("L") || mayBeMentioned(element.substring(1, element.length() - 1));
        }
        if (own.contains(name) || CLASSES.contains(name)) {
            return true;
        }
        String outer = name.indexOf('$') < 0 ? name : name.substring(0, name.indexOf('$'));
        int end = outer.lastIndexOf('/');
        return end > 0 && PACKAGES.contains(outer.substring(0, end)) && !EXCLUDED.contains(outer);
    }

    private boolean mayBeUsed(String owner, String member, String descriptor) {
        if (!isPlainName(owner) || REFUSED_MEMBERS.contains(member)) {
            return false;
        }
        boolean opensFile = member.equals("<init>")
                && (owner.equals("java/io/PrintStream")
                        || owner.equals("java/io/PrintWriter") && descriptor.startsWith("(Ljava/lang/String;"));
        boolean showsTraceElsewhere = member.equals("printStackTrace") && !descriptor.equals("()V");
        Set<String> only = MEMBERS.get(owner);
        return !opensFile && !showsTraceElsewhere && (only == null || only.contains(member));
    }

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+"));
    }
}
