package codezest;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Map;

/**
 * The class that {@code java} is to be started with.
 *
 * @param name with dots
 * @param classic whether it declares {@code public static void main(String[])}; newer Javas know other forms
 */
record Entry(String name, boolean classic) {
    static final String MISSING = "error: there is no class with a method public static void main(String[] args)\n";

    private static final int PUBLIC_AND_STATIC = 0x0009;

    /** The best candidate, or null. One named like the first file comes first, then one with a classic main method. */
    static Entry among(Map<String, byte[]> classes, String firstFile) {
        String wanted = firstFile.substring(firstFile.lastIndexOf('/') + 1).replace(".java", "");
        Entry best = null;
        for (Map.Entry<String, byte[]> each : classes.entrySet()) {
            Entry found = in(each.getKey(), each.getValue());
            if (found != null && (best == null || found.rank(wanted) > best.rank(wanted))) {
                best = found;
            }
        }
        return best;
    }

    private int rank(String wanted) {
        String simpleName = name.substring(name.lastIndexOf('.') + 1);
        return (classic ? 2 : 0) + (simpleName.equals(wanted) ? 1 : 0);
    }

    private static Entry in(String name, byte[] classFile) {
        try {
            DataInputStream content = new DataInputStream(new ByteArrayInputStream(classFile));
            ConstantPool pool = new ConstantPool(content);
            content.skipNBytes(6); // access, this class, super class
            content.skipNBytes(2L * content.readUnsignedShort()); // interfaces
            skipFields(content);
            Entry found = null;
            for (int left = content.readUnsignedShort(); left > 0; left--) {
                int access = content.readUnsignedShort();
                String method = pool.text(content.readUnsignedShort());
                String descriptor = pool.text(content.readUnsignedShort());
                skipAttributes(content);
                if (method.equals("main") && descriptor.equals("([Ljava/lang/String;)V")) {
                    boolean classic = (access & PUBLIC_AND_STATIC) == PUBLIC_AND_STATIC;
                    found = classic || modern() ? new Entry(name, classic) : found;
                } else if (method.equals("main") && descriptor.equals("()V") && found == null && modern()) {
                    found = new Entry(name, false);
                }
            }
            return found;
        } catch (IOException unreadable) {
            return null;
        }
    }

    private static void skipFields(DataInputStream content) throws IOException {
        for (int left = content.readUnsignedShort(); left > 0; left--) {
            content.skipNBytes(6);
            skipAttributes(content);
        }
    }

    private static void skipAttributes(DataInputStream content) throws IOException {
        for (int left = content.readUnsignedShort(); left > 0; left--) {
            content.skipNBytes(2);
            content.skipNBytes(content.readInt() & 0xFFFFFFFFL);
        }
    }

    /** Whether main methods need be neither static nor public. */
    private static boolean modern() {
        return Runtime.version().feature() >= 25;
    }
}
