package codezest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Scanner;
import java.util.Stack;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What beginners' programs use, used once, so that an archive of loaded classes has it. */
final class Rehearsal {
    private enum Colour {
        RED,
        GREEN
    }

    private record Point(int x, int y) {}

    private Rehearsal() {}

    /** Every program's beginning: worth doing even while a case waits. */
    static void playOverture() {
        try (Scanner scanner = new Scanner("1 2.5 word\nline\n")) {
            if (scanner.nextInt() + scanner.nextDouble() + (scanner.next() + scanner.nextLine()).length() < 0) {
                throw new IllegalStateException();
            }
        }
    }

    static void playAll() throws IOException {
        playOverture();
        StringWriter text = new StringWriter();
        try (PrintWriter printer = new PrintWriter(text)) {
            printer.printf("%d %5.2f %s %x%n", 1, 2.5, "three", 4);
            printer.println(collections(new Random(1)));
            printer.println(numbers() + streams());
            printer.println(new Point(1, 2) + " " + new Point(1, 2).equals(new Point(2, 1)) + new Point(3, 4).hashCode());
            failures().printStackTrace(printer);
        }
        BufferedReader reader = new BufferedReader(new StringReader(text.toString()));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            StringTokenizer words = new StringTokenizer(line.trim().toUpperCase().replace('a', 'b'));
            while (words.hasMoreTokens()) {
                words.nextToken().split(",");
            }
        }
        System.out.println(String.join("-", "a", "b").repeat(2).chars().sum() + text.toString().split("\\s+").length);
    }

    private static String collections(Random random) {
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            list.add(random.nextInt(100));
        }
        Collections.sort(list);
        list.sort(Comparator.comparing((Integer value) -> -value).thenComparing(Comparator.naturalOrder()));
        Map<String, List<Integer>> groups = new HashMap<>();
        list.forEach(value -> groups.computeIfAbsent("k" + value % 3, key -> new LinkedList<>()).add(value));
        Map<Colour, Integer> colours = new EnumMap<>(Colour.class);
        for (Colour colour : Colour.values()) {
            colours.merge(colour, 1, Integer::sum);
        }
        ArrayDeque<Integer> queue = new ArrayDeque<>(list);
        PriorityQueue<Integer> heap = new PriorityQueue<>(Collections.reverseOrder());
        heap.addAll(queue);
        Stack<Integer> stack = new Stack<>();
        stack.push(heap.poll());
        int[] array = {3, 1, 2};
        Arrays.sort(array);
        Integer[] boxed = {3, 1, 2};
        Arrays.sort(boxed, Collections.reverseOrder());
        BitSet bits = new BitSet();
        bits.set(3);
        return groups + " " + new TreeMap<>(groups) + new LinkedHashMap<>(colours) + new TreeSet<>(list)
                + new HashSet<>(list) + stack + Arrays.toString(array) + Arrays.asList(boxed) + bits
                + Arrays.deepToString(new int[2][2]) + List.of(1, 2) + Map.of("a", 1);
    }

    private static String numbers() {
        return new BigInteger("123456789").pow(3).mod(BigInteger.TEN) + " " + new BigDecimal("1.5").add(BigDecimal.ONE)
                + Math.sqrt(2) + Integer.toBinaryString(5) + Long.parseLong("7") + Double.parseDouble("1e3")
                + Character.isLetter('x') + Integer.parseInt("42") + String.valueOf(1.25f);
    }

    private static String streams() {
        return IntStream.rangeClosed(1, 5).mapToObj(Integer::toString).collect(Collectors.joining(","))
                + Arrays.stream(new int[] {1, 2}).sum()
                + List.of("b", "a").stream().sorted().filter(word -> !word.isEmpty()).map(String::length)
                        .collect(Collectors.toList())
                + List.of("b", "a").stream().collect(Collectors.groupingBy(String::length, Collectors.counting()));
    }

    private static Exception failures() {
        try {
            return new IllegalArgumentException("x", new ArrayList<>(List.of()).iterator().next() == null ? null : null);
        } catch (NoSuchElementException error) {
            return error;
        }
    }
}
