final class CodezestFailure extends Exception {
    CodezestFailure(String text) {
        super(text, null, false, false);
    }
}

final class CodezestReader {
    private final String text;
    private int at;
    private int position;

    CodezestReader(String call) {
        text = call;
        at = call.indexOf("\"arguments\":") + 12;
    }

    CodezestFailure misfit() {
        return new CodezestFailure("argument " + position + " of the call does not fit the parameter of your method");
    }

    char next() {
        while (text.charAt(at) == ' ') {
            at++;
        }
        return text.charAt(at);
    }

    boolean take(char wanted) {
        if (next() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    void expect(char wanted) throws CodezestFailure {
        if (!take(wanted)) {
            throw misfit();
        }
    }

    boolean more(char end) {
        take(',');
        return !take(end);
    }

    void argument() throws CodezestFailure {
        position++;
        if (position > 1) {
            expect(',');
        } else {
            expect('[');
            if (next() == ']') {
                throw misfit();
            }
        }
    }

    void end() throws CodezestFailure {
        if (position == 0) {
            expect('[');
        }
        if (!take(']')) {
            throw new CodezestFailure("your method is called with more arguments than it has parameters");
        }
    }

    boolean isNull() {
        if (next() != 'n') {
            return false;
        }
        at += 4;
        return true;
    }

    private String word() {
        next();
        int start = at;
        while (",]}: ".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    java.math.BigInteger big() throws CodezestFailure {
        String word = word();
        boolean negative = word.startsWith("-");
        if (word.length() == (negative ? 1 : 0)) {
            throw misfit();
        }
        for (int place = negative ? 1 : 0; place < word.length(); place++) {
            if (word.charAt(place) < '0' || word.charAt(place) > '9') {
                throw misfit();
            }
        }
        return new java.math.BigInteger(word);
    }

    long whole(long least, long most) throws CodezestFailure {
        java.math.BigInteger value = big();
        if (value.bitLength() > 63 || value.longValue() < least || value.longValue() > most) {
            throw misfit();
        }
        return value.longValue();
    }

    double floating() throws CodezestFailure {
        String word = word();
        if (word.isEmpty() || "-0123456789NI".indexOf(word.charAt(0)) < 0) {
            throw misfit();
        }
        return Double.parseDouble(word);
    }

    boolean truth() throws CodezestFailure {
        String word = word();
        if (!word.equals("true") && !word.equals("false")) {
            throw misfit();
        }
        return word.equals("true");
    }

    String text() throws CodezestFailure {
        expect('"');
        StringBuilder value = new StringBuilder();
        for (char one = text.charAt(at++); one != '"'; one = text.charAt(at++)) {
            if (one != '\\') {
                value.append(one);
                continue;
            }
            one = text.charAt(at++);
            if (one == 'u') {
                value.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else {
                int place = "bfnrt".indexOf(one);
                value.append(place < 0 ? one : "\b\f\n\r\t".charAt(place));
            }
        }
        return value.toString();
    }

    char character() throws CodezestFailure {
        String value = text();
        if (value.length() != 1) {
            throw misfit();
        }
        return value.charAt(0);
    }

    CodezestReader key() throws CodezestFailure {
        CodezestReader key = new CodezestReader("\"arguments\":" + text() + " ,");
        key.position = position;
        expect(':');
        return key;
    }
}

final class CodezestWriter {
    private final StringBuilder out = new StringBuilder();

    public String toString() {
        return out.toString();
    }

    void write(Object value) throws CodezestFailure {
        if (value == null || value instanceof Boolean || value instanceof Number) {
            out.append(value);
        } else if (value instanceof CharSequence || value instanceof Character || value instanceof Enum) {
            text(value.toString());
        } else if (value instanceof java.util.Optional<?> optional) {
            write(optional.orElse(null));
        } else if (value instanceof java.util.Map<?, ?> map) {
            String before = "{";
            for (java.util.Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(before);
                text(String.valueOf(entry.getKey()));
                out.append(':');
                write(entry.getValue());
                before = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else {
            each(listed(value));
        }
    }

    private void each(Iterable<?> items) throws CodezestFailure {
        out.append('[');
        String before = "";
        for (Object item : items) {
            out.append(before);
            write(item);
            before = ",";
        }
        out.append(']');
    }

    private static Iterable<?> listed(Object value) throws CodezestFailure {
        if (value instanceof Iterable<?> items) {
            return items;
        } else if (value instanceof Object[] items) {
            return java.util.Arrays.asList(items);
        } else if (value instanceof int[] items) {
            return java.util.Arrays.stream(items).boxed().toList();
        } else if (value instanceof long[] items) {
            return java.util.Arrays.stream(items).boxed().toList();
        } else if (value instanceof double[] items) {
            return java.util.Arrays.stream(items).boxed().toList();
        }
        java.util.List<Object> list = new java.util.ArrayList<>();
        if (value instanceof boolean[] items) {
            for (boolean item : items) list.add(item);
        } else if (value instanceof char[] items) {
            for (char item : items) list.add(item);
        } else if (value instanceof byte[] items) {
            for (byte item : items) list.add(item);
        } else if (value instanceof short[] items) {
            for (short item : items) list.add(item);
        } else if (value instanceof float[] items) {
            for (float item : items) list.add(item);
        } else {
            throw new CodezestFailure("your method returned a " + value.getClass().getSimpleName() + ", which cannot be compared");
        }
        return list;
    }

    private void text(String value) {
        out.append('"');
        for (int place = 0; place < value.length(); place++) {
            char one = value.charAt(place);
            if (one == '"' || one == '\\') {
                out.append('\\').append(one);
            } else if (one < 0x20 || one > 0x7e) {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append("0123456789abcdef".charAt(one >> shift & 15));
                }
            } else {
                out.append(one);
            }
        }
        out.append('"');
    }
}

public class CodezestCall {
%READERS%
    public static void main(String[] arguments) throws Throwable {
        java.io.PrintStream output = System.out;
        StringBuilder head = new StringBuilder();
        for (int one = System.in.read(); one > ' '; one = System.in.read()) {
            head.append((char) one);
        }
        String mark = head.toString();
        int length = 0;
        for (int one = System.in.read(); one > ' '; one = System.in.read()) {
            length = length * 10 + one - '0';
        }
        byte[] call = System.in.readNBytes(length);
        CodezestReader in = new CodezestReader(new String(call, java.nio.charset.StandardCharsets.US_ASCII));
        CodezestWriter out = new CodezestWriter();
%CALLING%
        output.print(mark + out + mark);
        output.flush();
    }
}
