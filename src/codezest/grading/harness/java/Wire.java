package codezest.tests;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The wire between tests and the learner's code: frames of a length and as many bytes, and how values are spelled in them. One
 * byte says what follows; what has no spelling is an object of the sender, by number. Nothing is ever deserialised by Java.
 */
public abstract class Wire {
    static final int LONGEST_FRAME = 4 << 20;
    static final int DEEPEST_VALUE = 60;
    static final Map<String, Class<?>> PRIMITIVES = Map.of(
        "int", int.class, "long", long.class, "double", double.class, "boolean", boolean.class, "char", char.class,
        "byte", byte.class, "short", short.class, "float", float.class);

    /** The other side is gone, late, or speaks nonsense. An Error, which no assertion about exceptions takes for its own. */
    public static final class LinkBroken extends Error {
        LinkBroken(String how) {
            super(how, null, false, false);
        }
    }

    private final DataInputStream in;
    private final OutputStream out;

    Wire(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    byte[] receive() {
        try {
            int length = in.readInt();
            if (length < 0 || length > LONGEST_FRAME) throw new LinkBroken("nonsense");
            byte[] frame = new byte[length];
            in.readFully(frame);
            return frame;
        } catch (EOFException error) {
            throw new LinkBroken("ended");
        } catch (IOException error) {
            throw new LinkBroken(String.valueOf(error.getMessage()).contains("temporarily") ? "late" : "ended");
        }
    }

    void send(ByteArrayOutputStream frame) {
        if (frame.size() > LONGEST_FRAME) throw new IllegalArgumentException("a value is too large to be handed over");
        ByteArrayOutputStream whole = new ByteArrayOutputStream(frame.size() + 4);
        try {
            new DataOutputStream(whole).writeInt(frame.size());
            frame.writeTo(whole);
            out.write(whole.toByteArray());
            out.flush();
        } catch (IOException error) {
            throw new LinkBroken(String.valueOf(error.getMessage()).contains("temporarily") ? "late" : "ended");
        }
    }

    static DataInputStream reader(byte[] frame) {
        return new DataInputStream(new ByteArrayInputStream(frame));
    }

    static void text(DataOutputStream to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.writeInt(bytes.length);
        to.write(bytes);
    }

    static String text(DataInputStream from) throws IOException {
        byte[] bytes = new byte[length(from)];
        from.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static int length(DataInputStream from) throws IOException {
        int length = from.readInt();
        if (length < 0 || length > from.available()) throw new IOException("this is no value");
        return length;
    }

    void encode(DataOutputStream to, Object value, int depth) throws IOException {
        if (depth > DEEPEST_VALUE) throw new IllegalArgumentException("a value is nested too deeply to be handed over");
        Class<?> kind = value == null ? null : value.getClass();
        if (value == null) to.writeByte('N');
        else if (kind == Integer.class) { to.writeByte('I'); to.writeInt((Integer) value); }
        else if (kind == Long.class) { to.writeByte('J'); to.writeLong((Long) value); }
        else if (kind == Double.class) { to.writeByte('D'); to.writeDouble((Double) value); }
        else if (kind == Float.class) { to.writeByte('F'); to.writeFloat((Float) value); }
        else if (kind == Short.class) { to.writeByte('S'); to.writeShort((Short) value); }
        else if (kind == Byte.class) { to.writeByte('B'); to.writeByte((Byte) value); }
        else if (kind == Character.class) { to.writeByte('C'); to.writeChar((Character) value); }
        else if (kind == Boolean.class) { to.writeByte('Z'); to.writeBoolean((Boolean) value); }
        else if (kind == String.class) { to.writeByte('T'); text(to, (String) value); }
        else if (kind == java.math.BigInteger.class) { to.writeByte('G'); text(to, value.toString()); }
        else if (kind.isArray()) encodeArray(to, value, depth);
        else if (value instanceof Enum<?> constant) {
            to.writeByte('E');
            text(to, constant.getDeclaringClass().getName());
            text(to, constant.name());
        } else if (value instanceof List<?> items && isJdk(kind)) { to.writeByte('L'); items(to, items, depth); }
        else if (value instanceof Set<?> items && isJdk(kind)) { to.writeByte('U'); items(to, items, depth); }
        else if (value instanceof Map<?, ?> map && isJdk(kind)) {
            to.writeByte('M');
            to.writeInt(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                encode(to, entry.getKey(), depth + 1);
                encode(to, entry.getValue(), depth + 1);
            }
        } else if (value instanceof java.util.Optional<?> maybe) {
            to.writeByte('O');
            encode(to, maybe.orElse(null), depth + 1);
        } else encodeObject(to, value);
    }

    private static boolean isJdk(Class<?> kind) {
        return kind.getName().startsWith("java.");
    }

    private void items(DataOutputStream to, Collection<?> items, int depth) throws IOException {
        to.writeInt(items.size());
        for (Object item : items) encode(to, item, depth + 1);
    }

    private void encodeArray(DataOutputStream to, Object array, int depth) throws IOException {
        to.writeByte('A');
        text(to, array.getClass().getComponentType().getName());
        to.writeInt(Array.getLength(array));
        for (int place = 0; place < Array.getLength(array); place += 1) encode(to, Array.get(array, place), depth + 1);
    }

    /** Decode. `wanted`: what the place it is for takes, or Object. */
    Object decode(DataInputStream from, Class<?> wanted, int depth) throws IOException {
        if (depth > DEEPEST_VALUE + 2) throw new IOException("this is no value");
        int tag = from.readByte();
        switch (tag) {
            case 'N': return null;
            case 'I': return from.readInt();
            case 'J': return from.readLong();
            case 'D': return from.readDouble();
            case 'F': return from.readFloat();
            case 'S': return from.readShort();
            case 'B': return from.readByte();
            case 'C': return from.readChar();
            case 'Z': return from.readBoolean();
            case 'T': return text(from);
            case 'G': return new java.math.BigInteger(bounded(text(from)));
            case 'A': return decodeArray(from, depth);
            case 'L': return fill(from, new ArrayList<>(), depth);
            case 'U': return fill(from, new LinkedHashSet<>(), depth);
            case 'M': {
                Map<Object, Object> map = new LinkedHashMap<>();
                int count = length(from);
                for (int place = 0; place < count; place += 1) {
                    Object key = decode(from, Object.class, depth + 1);
                    map.put(key, decode(from, Object.class, depth + 1));
                }
                return map;
            }
            case 'O': return java.util.Optional.ofNullable(decode(from, Object.class, depth + 1));
            default: return decodeObject(tag, from, wanted);
        }
    }

    private static String bounded(String digits) throws IOException {
        if (digits.length() > 20_000) throw new IOException("this is no value");
        return digits;
    }

    private Collection<Object> fill(DataInputStream from, Collection<Object> items, int depth) throws IOException {
        int count = length(from);
        for (int place = 0; place < count; place += 1) items.add(decode(from, Object.class, depth + 1));
        return items;
    }

    private Object decodeArray(DataInputStream from, int depth) throws IOException {
        String name = text(from);
        Class<?> component = PRIMITIVES.containsKey(name) ? PRIMITIVES.get(name) : find(name);
        int count = length(from);
        Object array = Array.newInstance(component, count);
        for (int place = 0; place < count; place += 1) {
            try {
                Array.set(array, place, decode(from, component, depth + 1));
            } catch (IllegalArgumentException error) {
                throw new IOException("this is no value");
            }
        }
        return array;
    }

    /** A class that may be named by the other side. */
    abstract Class<?> find(String name) throws IOException;

    abstract void encodeObject(DataOutputStream to, Object value) throws IOException;

    abstract Object decodeObject(int tag, DataInputStream from, Class<?> wanted) throws IOException;
}
