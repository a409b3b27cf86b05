package codezest.tests;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * In the learner's sandbox: does with the learner's classes what the tests ask over the link, which is standard input and output.
 * The learner's code shares this machine and may break it; then the tests fail. It can claim nothing but values.
 */
public final class Agent extends Wire {
    private final Map<Integer, Object> objects = new HashMap<>();
    private final Map<Object, Integer> numbers = new IdentityHashMap<>();
    private final Map<Object, Integer> far = new IdentityHashMap<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private Agent(InputStream in, FileOutputStream out) {
        super(in, out);
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("describe")) {
            Description.print(java.nio.file.Path.of(arguments[1]));
            return;
        }
        Agent agent = new Agent(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
        System.setIn(InputStream.nullInputStream());
        System.setOut(new PrintStream(agent.printed, true, StandardCharsets.UTF_8));
        try {
            agent.serve();
        } catch (LinkBroken broken) {
            Runtime.getRuntime().halt(0);
        }
    }

    static String signature(Executable executable) {
        StringBuilder text = new StringBuilder(executable instanceof Method ? executable.getName() : "new").append('(');
        for (Class<?> type : executable.getParameterTypes()) text.append(type.getName()).append(';');
        return text.append(')').toString();
    }

    private void serve() {
        for (;;) answer(receive());
    }

    private void answer(byte[] frame) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream to = new DataOutputStream(body);
        try {
            try {
                act(reader(frame), to);
            } catch (InvocationTargetException error) {
                body.reset();
                fail(to, error.getCause());
            } catch (LinkBroken broken) {
                throw broken;
            } catch (Throwable error) {
                body.reset();
                fail(to, error);
            }
            takePrinted(to);
            send(body);
        } catch (IOException error) {
            throw new LinkBroken("ended");
        } catch (IllegalArgumentException tooLarge) {
            Runtime.getRuntime().halt(1);
        }
    }

    private void takePrinted(DataOutputStream to) throws IOException {
        System.out.flush();
        text(to, printed.toString(StandardCharsets.UTF_8));
        printed.reset();
    }

    private void fail(DataOutputStream to, Throwable error) throws IOException {
        to.writeByte('!');
        List<String> kinds = new ArrayList<>();
        for (Class<?> kind = error.getClass(); kind != null && kind != Object.class; kind = kind.getSuperclass()) kinds.add(kind.getName());
        to.writeInt(kinds.size());
        for (String kind : kinds) text(to, kind);
        String message;
        try {
            message = error.getMessage();
        } catch (Throwable own) {
            message = null;
        }
        encode(to, message == null ? null : message.substring(0, Math.min(message.length(), 4000)), 0);
        String place = "";
        for (StackTraceElement element : error.getStackTrace()) {
            if (element.getModuleName() == null && !element.getClassName().startsWith("codezest.")) {
                place = element.getFileName() + ", line " + element.getLineNumber();
                break;
            }
        }
        text(to, place);
        encodeObject(to, error);
    }

    private void act(DataInputStream from, DataOutputStream to) throws Exception {
        int action = from.readByte();
        Class<?> owner = find(text(from));
        String signature = text(from);
        Object self = decode(from, owner, 0);
        if (action == 'f') {
            Field field = owner.getDeclaredField(signature);
            field.setAccessible(true);
            to.writeByte('=');
            encode(to, field.get(null), 0);
            to.writeInt(0);
            return;
        }
        if (action == 'i') {
            to.writeByte('=');
            encode(to, owner.isInstance(self), 0);
            to.writeInt(0);
            return;
        }
        Executable called = executable(owner, signature);
        Class<?>[] types = called.getParameterTypes();
        Object[] given = new Object[types.length];
        byte[][] before = new byte[types.length][];
        for (int place = 0; place < types.length; place += 1) {
            given[place] = decode(from, types[place], 0);
            before[place] = spelled(given[place]);
        }
        called.setAccessible(true);
        Object result = called instanceof Method method ? method.invoke(self, given) : ((Constructor<?>) called).newInstance(given);
        to.writeByte('=');
        if (called instanceof Constructor<?>) encodeObject(to, result);
        else encode(to, result, 0);
        List<Integer> changed = new ArrayList<>();
        for (int place = 0; place < types.length; place += 1) {
            if (before[place] != null && !java.util.Arrays.equals(before[place], spelled(given[place]))) changed.add(place);
        }
        to.writeInt(changed.size());
        for (int place : changed) {
            to.writeInt(place);
            encode(to, given[place], 0);
        }
    }

    /** Of arrays and collections, which a call may change. */
    private byte[] spelled(Object value) throws IOException {
        if (value == null || !(value.getClass().isArray() || value instanceof java.util.Collection || value instanceof Map)) return null;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        encode(new DataOutputStream(body), value, 0);
        return body.toByteArray();
    }

    private static Executable executable(Class<?> owner, String signature) throws NoSuchMethodException {
        for (Constructor<?> made : owner.getDeclaredConstructors()) if (signature(made).equals(signature)) return made;
        for (Class<?> kind = owner; kind != null; kind = kind.getSuperclass()) {
            for (Method method : kind.getDeclaredMethods()) if (!method.isBridge() && signature(method).equals(signature)) return method;
        }
        for (Method method : owner.getMethods()) if (signature(method).equals(signature)) return method;
        throw new NoSuchMethodException(signature);
    }

    @Override
    Class<?> find(String name) throws IOException {
        try {
            return Class.forName(name, false, Agent.class.getClassLoader());
        } catch (ClassNotFoundException error) {
            throw new IOException(name);
        }
    }

    @Override
    void encodeObject(DataOutputStream to, Object value) throws IOException {
        if (far.containsKey(value)) {
            to.writeByte('R');
            to.writeInt(far.get(value));
            return;
        }
        Integer number = numbers.get(value);
        if (number == null) {
            number = objects.size() + 1;
            numbers.put(value, number);
            objects.put(number, value);
        }
        to.writeByte('H');
        to.writeInt(number);
        List<String> kinds = new ArrayList<>();
        for (Class<?> kind = value.getClass(); kind != null && kind != Object.class; kind = kind.getSuperclass()) {
            kinds.add(kind.getName());
            for (Class<?> each : kind.getInterfaces()) kinds.add(each.getName());
        }
        to.writeInt(kinds.size());
        for (String kind : kinds) text(to, kind);
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    Object decodeObject(int tag, DataInputStream from, Class<?> wanted) throws IOException {
        if (tag == 'R') return objects.get(from.readInt());
        if (tag == 'E') return Enum.valueOf((Class<? extends Enum>) find(text(from)), text(from));
        if (tag != 'H') throw new IOException("this is no value");
        int number = from.readInt();
        java.util.Set<Class<?>> offered = new java.util.LinkedHashSet<>();
        int count = length(from);
        for (int place = 0; place < count; place += 1) {
            try {
                Class<?> each = find(text(from));
                if (each.isInterface() && Modifier.isPublic(each.getModifiers()) || each.getClassLoader() != null) offered.add(each);
            } catch (IOException unknown) {
                // an interface of the tests' own
            }
        }
        if (offered.isEmpty() || !(wanted == Object.class || offered.stream().anyMatch(wanted::isAssignableFrom))) {
            throw new IllegalArgumentException("the tests can hand over plain values and implementations of interfaces only");
        }
        Object made = Proxy.newProxyInstance(Agent.class.getClassLoader(), offered.toArray(new Class<?>[0]), (self, method, given) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> self == given[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "an object of the tests";
                };
            }
            if (method.isDefault()) return java.lang.reflect.InvocationHandler.invokeDefault(self, method, given);
            return ask(number, method, given == null ? new Object[0] : given);
        });
        far.put(made, number);
        return made;
    }

    private Object ask(int number, Method method, Object[] given) throws Throwable {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream to = new DataOutputStream(body);
        to.writeByte('?');
        to.writeInt(number);
        text(to, method.getDeclaringClass().getName());
        text(to, signature(method));
        to.writeInt(given.length);
        for (Object each : given) encode(to, each, 0);
        takePrinted(to);
        send(body);
        for (;;) {
            byte[] frame = receive();
            DataInputStream from = reader(frame);
            int kind = from.readByte();
            if (kind == '=') return decode(from, method.getReturnType(), 0);
            if (kind == '!') {
                String name = text(from), message = text(from);
                try {
                    throw (Throwable) Class.forName(name).getConstructor(String.class).newInstance(message);
                } catch (ReflectiveOperationException | ClassCastException unknown) {
                    throw new RuntimeException(name + ": " + message);
                }
            }
            answer(frame);
        }
    }
}
