package codezest.tests;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What stand-ins are made from: one line for each class and member, fields separated by tabs. Nothing of the learner's runs, because
 * no class is initialised.
 */
final class Description {
    private Description() {}

    static void print(Path root) throws IOException, ClassNotFoundException {
        PrintStream to = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted().toList()) {
                String name = root.relativize(file).toString().replace('/', '.');
                if (name.endsWith(".class") && !name.startsWith("codezest.")) describe(to, name.substring(0, name.length() - 6));
            }
        }
    }

    private static void describe(PrintStream to, String name) throws ClassNotFoundException {
        Class<?> each = Class.forName(name, false, Description.class.getClassLoader());
        if (each.isAnonymousClass() || each.isLocalClass() || each.isSynthetic() || Modifier.isPrivate(each.getModifiers())) return;
        String kind = each.isInterface() ? "interface" : each.isEnum() ? "enum" : Throwable.class.isAssignableFrom(each) ? "throwable" : "class";
        Type parent = each.getGenericSuperclass();
        to.println(String.join("\t", "class", name, kind, parent == null ? "" : parent.getTypeName(), variables(each.getTypeParameters()),
            names(each.getGenericInterfaces()), Modifier.toString(each.getModifiers() & (Modifier.ABSTRACT | Modifier.PUBLIC | Modifier.STATIC))));
        if (each.isEnum()) for (Field field : each.getDeclaredFields()) if (field.isEnumConstant()) to.println("constant\t" + field.getName());
        for (Constructor<?> made : each.getDeclaredConstructors()) {
            if (!Modifier.isPrivate(made.getModifiers()) && !made.isSynthetic()) {
                to.println(String.join("\t", "new", Agent.signature(made), variables(made.getTypeParameters()), parameters(made), names(made.getGenericExceptionTypes())));
            }
        }
        for (Method method : each.getDeclaredMethods()) {
            if (Modifier.isPrivate(method.getModifiers()) || method.isSynthetic()) continue;
            to.println(String.join("\t", "method", Agent.signature(method), variables(method.getTypeParameters()), parameters(method),
                names(method.getGenericExceptionTypes()), method.getGenericReturnType().getTypeName(), Modifier.toString(method.getModifiers() & ~Modifier.TRANSIENT & ~Modifier.VOLATILE)));
        }
        for (Field field : each.getDeclaredFields()) {
            int flags = field.getModifiers();
            if (!Modifier.isPrivate(flags) && Modifier.isStatic(flags) && Modifier.isFinal(flags) && !field.isSynthetic() && !field.isEnumConstant()) {
                to.println(String.join("\t", "field", field.getName(), field.getGenericType().getTypeName()));
            }
        }
    }

    private static String variables(TypeVariable<?>[] variables) {
        List<String> texts = new ArrayList<>();
        for (TypeVariable<?> variable : variables) {
            List<String> bounds = new ArrayList<>();
            for (Type bound : variable.getBounds()) bounds.add(bound.getTypeName());
            texts.add(variable.getName() + " extends " + String.join(" & ", bounds));
        }
        return String.join(", ", texts);
    }

    private static String names(Type[] types) {
        List<String> texts = new ArrayList<>();
        for (Type type : types) texts.add(type.getTypeName());
        return String.join("|", texts);
    }

    private static String parameters(Executable executable) {
        String texts = names(executable.getGenericParameterTypes());
        return executable.isVarArgs() ? texts.replaceFirst("\\[\\]$", "...") : texts;
    }
}
