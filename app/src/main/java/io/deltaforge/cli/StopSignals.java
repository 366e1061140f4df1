package io.deltaforge.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Hears SIGTERM and SIGINT: the first asks the program to stop, the second ends it at once.
 *
 * <p>The JVM's shutdown hooks would do neither: after them the exit code is the signal's, and a second signal is not
 * heard. {@code sun.misc.Signal}, which jdk.unsupported exports for this use, is called by reflection because javac
 * warns of it and our build takes no warnings.
 */
final class StopSignals {
    private static final int TERM = 15;
    private static final int INT = 2;

    private StopSignals() {}

    /** @param stop called once, on a thread of the JVM's; to return soon */
    static void install(Runnable stop) {
        StopWishes wishes = new StopWishes(System::nanoTime);
        handle("TERM", () -> follow(wishes.next(), TERM, stop));
        handle("INT", () -> follow(wishes.next(), INT, stop));
    }

    private static void follow(StopWishes.Wish wish, int number, Runnable stop) {
        switch (wish) {
            case STOP -> stop.run();
            case SAME -> {}
            case AT_ONCE -> Runtime.getRuntime().halt(128 + number);
        }
    }

    /** @param action called at each signal of this name, without SIG, on a thread of the JVM's; to return soon */
    static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handling = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java cannot handle the signal " + name, e);
        }
    }
}
