package codezest.tests;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Entry of the tests' sandbox: runs JUnit's tests against stand-ins, and reports on standard error, which nothing else here
 * writes to. Arguments: names of tests, each with a + before it; of classes with tests, @; of stand-ins, =; of classes that
 * a stand-in hides from the tests if there are such classes, !.
 */
public final class Runner implements TestExecutionListener {
    private static final int LONGEST = 4000;
    private final FileOutputStream report = new FileOutputStream(FileDescriptor.err);
    private final Set<String> asked;
    private final Map<String, String> failures = new LinkedHashMap<>();
    private final Map<String, Integer> left = new LinkedHashMap<>();
    private final List<String> ended = new ArrayList<>();
    private final ByteArrayOutputStream own = new ByteArrayOutputStream();
    private String current;
    private long began;

    private Runner(Set<String> asked) {
        this.asked = asked;
    }

    public static void main(String[] arguments) {
        List<String> tests = new ArrayList<>(), classes = new ArrayList<>(), standIns = new ArrayList<>(), hidden = new ArrayList<>();
        for (String each : arguments) {
            List<String> to = each.startsWith("+") ? tests : each.startsWith("@") ? classes : each.startsWith("=") ? standIns : hidden;
            to.add(each.substring(1));
        }
        Tests.standIns = Set.copyOf(standIns);
        Runner runner = new Runner(new java.util.LinkedHashSet<>(tests));
        System.setOut(new PrintStream(runner.own, true, StandardCharsets.UTF_8));
        System.setErr(System.out);
        Tests.LINK.onBroken = how -> {
            runner.write("{\"broken\": " + quoted(how) + ", \"test\": " + (runner.current == null ? "null" : quoted(runner.current)) + "}");
            Runtime.getRuntime().halt(0);
        };
        for (String each : hidden) {
            if (exists(each)) {
                runner.write("{\"broken\": \"hidden\", \"test\": null, \"message\": " + quoted(each) + "}");
                Runtime.getRuntime().halt(0);
            }
        }
        PostDiscoveryFilter wanted = descriptor -> FilterResult.includedIf(
            descriptor.getSource().filter(MethodSource.class::isInstance).map(source -> runner.name((MethodSource) source) != null).orElse(true));
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
            .selectors(classes.stream().map(DiscoverySelectors::selectClass).toList()).filters(wanted).build();
        LauncherFactory.create().execute(request, runner);
        runner.finish();
        Runtime.getRuntime().halt(0);
    }

    private static boolean exists(String name) {
        try {
            Class.forName(name, false, Runner.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError none) {
            return false;
        }
    }

    private String name(MethodSource source) {
        String simple = source.getClassName().substring(source.getClassName().lastIndexOf('.') + 1).replace('$', '.');
        for (String name : List.of(source.getMethodName(), simple + "." + source.getMethodName())) if (asked.contains(name)) return name;
        return null;
    }

    private String name(TestIdentifier test) {
        return test.getSource().filter(MethodSource.class::isInstance).map(source -> name((MethodSource) source)).orElse(null);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        String name = name(test);
        if (name == null || name.equals(current)) return;
        settle();
        current = name;
        began = System.nanoTime();
        Tests.LINK.forget();
        own.reset();
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        String name = name(test);
        if (name != null) {
            executionStarted(test);
            failures.putIfAbsent(name, "\"outcome\": \"skipped\", \"kind\": \"wrong\", \"message\": " + quoted(reason));
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Throwable error = result.getThrowable().orElse(null);
        if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) return;
        String place = error == null ? null : Tests.LINK.places.get(error);
        String message = error == null ? "" : error instanceof AssertionError && place == null ? String.valueOf(error.getMessage()) : error.toString();
        if (place != null && !place.isEmpty()) message += " (" + place + ")";
        String outcome = result.getStatus() == TestExecutionResult.Status.ABORTED ? "skipped" : "failed";
        String told = "\"outcome\": \"" + outcome + "\", \"kind\": \"" + (place == null ? "wrong" : "raised") + "\", \"message\": " + quoted(message);
        String name = name(test);
        if (name != null) failures.putIfAbsent(name, told);
        else if (!test.isTest()) for (String each : asked) if (!ended.contains(each)) failures.putIfAbsent(each, told); // what a class sets up
    }

    /** Report the test before. A name may stand for several: they follow each other. */
    private void settle() {
        if (current == null || ended.contains(current)) return;
        ended.add(current);
        String seconds = String.valueOf((System.nanoTime() - began) / 1e9);
        String printed = own.toString(StandardCharsets.UTF_8) + Tests.LINK.printed;
        write("{\"test\": " + quoted(current) + ", \"seconds\": " + seconds + ", \"printed\": " + quoted(printed) + ", "
            + failures.getOrDefault(current, "\"outcome\": \"passed\"") + "}");
        current = null;
    }

    private void finish() {
        settle();
        for (String name : asked) {
            if (!ended.contains(name)) {
                write("{\"test\": " + quoted(name) + ", \"seconds\": 0, \"printed\": \"\", "
                    + failures.getOrDefault(name, "\"outcome\": \"missing\", \"kind\": \"author\", \"message\": \"\"") + "}");
            }
        }
    }

    private void write(String line) {
        try {
            report.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException error) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static String quoted(String text) {
        StringBuilder made = new StringBuilder("\"");
        for (char each : String.valueOf(text).substring(0, Math.min(String.valueOf(text).length(), LONGEST)).toCharArray()) {
            if (each == '"' || each == '\\') made.append('\\').append(each);
            else if (each < ' ' || each > '~') made.append(String.format("\\u%04x", (int) each));
            else made.append(each);
        }
        return made.append('"').toString();
    }
}
