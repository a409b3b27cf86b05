package codezest;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import jdk.internal.access.SharedSecrets;

/**
 * A compiler that stays warm. It runs no learner's code: annotation processing is off, and what it makes is not loaded.
 *
 * <p>Over descriptor 3, numbers big endian, texts UTF-8 behind an {@code int} length:
 *
 * <pre>
 * request:  int files, then of each text name, text source
 * answer:   byte status, text output; when COMPILED also text entry, byte plain,
 *           int classes, then of each text name, int length, bytes
 * </pre>
 *
 * One byte, {@code READY}, comes before the first request.
 */
public final class CompileService {
    private static final int CONTROL = 3;
    private static final int READY = 'w';

    static final int COMPILED = 0;
    static final int REFUSED = 1;
    /** Memory ran out: nothing is wrong with the answer, but this service ends. */
    static final int EXHAUSTED = 2;

    private static final String WARM_UP = """
            import java.io.*;
            import java.util.*;
            import java.util.function.*;
            import java.util.stream.*;

            public class Main {
                interface Shape { double area(); }
                record Circle(double radius) implements Shape {
                    public double area() { return Math.PI * radius * radius; }
                }
                enum Colour { RED, GREEN }
                static class Failure extends RuntimeException {
                    Failure(String message) { super(message); }
                }
                private final Map<String, List<Integer>> groups = new TreeMap<>();
                static <T extends Comparable<T>> T largest(List<T> values) {
                    T best = values.get(0);
                    for (T value : values) if (value.compareTo(best) > 0) best = value;
                    return best;
                }
                public static void main(String[] args) throws IOException {
                    BufferedReader reader = new BufferedReader(new InputStreamReader(System.in));
                    try (Scanner scanner = new Scanner(System.in)) {
                        int n = scanner.nextInt();
                        long[] sums = new long[n + 1];
                        for (int i = 0; i < n; i++) sums[i + 1] = sums[i] + scanner.nextInt();
                        StringBuilder text = new StringBuilder();
                        text.append(sums[n]).append(' ').append("x" + n);
                        System.out.println(text);
                    } catch (Failure | IllegalStateException failure) {
                        System.err.printf("%s%n", failure.getMessage());
                    }
                    var words = Stream.of("a", "b").map(String::toUpperCase).filter(w -> w != null)
                            .collect(Collectors.toList());
                    Function<Integer, Integer> twice = x -> x * 2;
                    switch (Colour.RED) { case RED -> twice.apply(1); default -> { } }
                    Object shape = new Circle(1);
                    if (shape instanceof Circle circle) System.out.println(circle.area() + largest(words));
                    while (reader.ready()) { String line = reader.readLine(); if (line == null) break; }
                }
            }
            """;
    private static final int WARM_UP_ROUNDS = 12;

    private CompileService() {}

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ENGLISH);
        FileDescriptor control = new FileDescriptor();
        SharedSecrets.getJavaIOFileDescriptorAccess().set(control, CONTROL);
        DataInputStream requests = new DataInputStream(new BufferedInputStream(new FileInputStream(control)));
        DataOutputStream answers = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(control), 1 << 16));
        Compilation.Platform platform = new Compilation.Platform();
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            Compilation typical = new Compilation(platform, Map.of("Main.java", WARM_UP));
            if (!typical.succeeded() || !PlainProgram.isPlain(typical.classes())) {
                throw new IllegalStateException(typical.output());
            }
            new Compilation(platform, Map.of("Main.java", "class Main { void f() { int x = \"\" + y; } }")).output();
        }
        answers.write(READY);
        answers.flush();
        int status = REFUSED;
        while (status != EXHAUSTED) {
            Map<String, String> sources;
            try {
                sources = readSources(requests);
            } catch (EOFException nobodyLeft) {
                return;
            }
            status = answer(answers, platform, sources);
            answers.flush();
        }
    }

    private static Map<String, String> readSources(DataInputStream requests) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (int left = requests.readInt(); left > 0; left--) {
            String name = readText(requests);
            sources.put(name, readText(requests));
        }
        return sources;
    }

    private static int answer(DataOutputStream answers, Compilation.Platform platform, Map<String, String> sources)
            throws IOException {
        Compilation compilation = new Compilation(platform, sources);
        Entry entry = compilation.succeeded() ? Entry.among(compilation.classes(), sources.keySet().iterator().next()) : null;
        int status = compilation.exhausted() ? EXHAUSTED : entry == null ? REFUSED : COMPILED;
        answers.writeByte(status);
        writeText(answers, compilation.output() + (compilation.succeeded() && entry == null ? Entry.MISSING : ""));
        if (status == COMPILED) {
            writeText(answers, entry.name());
            answers.writeBoolean(entry.classic() && PlainProgram.isPlain(compilation.classes()));
            answers.writeInt(compilation.classes().size());
            for (Map.Entry<String, byte[]> each : compilation.classes().entrySet()) {
                writeText(answers, each.getKey());
                answers.writeInt(each.getValue().length);
                answers.write(each.getValue());
            }
        }
        return status;
    }

    private static String readText(DataInputStream requests) throws IOException {
        int length = requests.readInt();
        byte[] content = requests.readNBytes(length);
        if (content.length < length) {
            throw new EOFException();
        }
        return new String(content, StandardCharsets.UTF_8);
    }

    private static void writeText(DataOutputStream answers, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        answers.writeInt(content.length);
        answers.write(content);
    }
}
