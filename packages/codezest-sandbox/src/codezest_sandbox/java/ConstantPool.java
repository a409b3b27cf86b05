package codezest;

import java.io.DataInputStream;
import java.io.IOException;

/** The constants of a class file: every name that its code can use. */
final class ConstantPool {
    private static final int MAGIC = 0xCAFEBABE;
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int FIELD = 9;
    private static final int INTERFACE_METHOD = 11;

    private final int[] tags;
    private final int[] first;
    private final int[] second;
    private final String[] texts;

    ConstantPool(DataInputStream content) throws IOException {
        if (content.readInt() != MAGIC) {
            throw new IOException("not a class file");
        }
        content.readInt(); // version
        int count = content.readUnsignedShort();
        tags = new int[count];
        first = new int[count];
        second = new int[count];
        texts = new String[count];
        for (int index = 1; index < count; index++) {
            tags[index] = content.readUnsignedByte();
            readConstant(content, index);
            if (tags[index] == LONG || tags[index] == DOUBLE) {
                index++; // these take two places
            }
        }
    }

    private void readConstant(DataInputStream content, int index) throws IOException {
        switch (tags[index]) {
            case UTF8 -> texts[index] = content.readUTF();
            case LONG, DOUBLE -> content.readLong();
            case 3, 4 -> content.readInt(); // int, float
            case CLASS, 8, 16, 19, 20 -> first[index] = content.readUnsignedShort(); // and text, method type, module, package
            case 9, 10, 11, 12, 17, 18 -> { // members, name and type, computed constants and calls
                first[index] = content.readUnsignedShort();
                second[index] = content.readUnsignedShort();
            }
            case 15 -> { // method handle
                content.readUnsignedByte();
                first[index] = content.readUnsignedShort();
            }
            default -> throw new IOException("unknown constant " + tags[index]);
        }
    }

    int size() {
        return tags.length;
    }

    boolean isClass(int index) {
        return tags[index] == CLASS;
    }

    /** Whether it names a field or method, with {@link #owner}, {@link #memberName} and {@link #descriptor}. */
    boolean isMember(int index) {
        return tags[index] >= FIELD && tags[index] <= INTERFACE_METHOD;
    }

    /** With slashes; an array's begins with a bracket. */
    String className(int index) {
        return texts[first[index]];
    }

    String owner(int index) {
        return className(first[index]);
    }

    String memberName(int index) {
        return texts[first[second[index]]];
    }

    String descriptor(int index) {
        return texts[second[second[index]]];
    }

    String text(int index) {
        return texts[index];
    }

    boolean hasText(String wanted) {
        for (String text : texts) {
            if (wanted.equals(text)) {
                return true;
            }
        }
        return false;
    }
}
