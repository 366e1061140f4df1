package io.deltaforge.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports on the loopback address, below the range from which the system serves outgoing connections: a server
 * that is down for a while finds its port still free when it comes back.
 */
final class Ports {
    private static final int LOWEST = 10_240;
    private static final int USUAL_EPHEMERAL_LOWEST = 32_768;

    private Ports() {}

    /** {@code count} different ports on which nothing listens; as random as can be, for others pick at the same time. */
    static List<Integer> pick(int count) {
        int highest = Math.min(ephemeralLowest(), USUAL_EPHEMERAL_LOWEST);
        if (highest < LOWEST + 1_000) {
            highest = USUAL_EPHEMERAL_LOWEST;
        }
        List<Integer> picked = new ArrayList<>();
        for (int tries = 0; picked.size() < count; tries++) {
            if (tries > 1_000) {
                throw new IllegalStateException("no free port between " + LOWEST + " and " + highest);
            }
            int port = ThreadLocalRandom.current().nextInt(LOWEST, highest);
            if (!picked.contains(port) && isFree(port)) {
                picked.add(port);
            }
        }
        return picked;
    }

    /** The ports noted in {@code file} when they are still free, else new ones, which are then noted there. */
    static List<Integer> remembered(Path file, int count) throws IOException {
        if (Files.exists(file)) {
            List<Integer> ports = Files.readString(file)
                    .lines()
                    .map(line -> Integer.valueOf(line.strip()))
                    .toList();
            if (ports.size() == count && ports.stream().allMatch(Ports::isFree)) {
                return ports;
            }
        }
        List<Integer> ports = pick(count);
        Files.writeString(
                file, String.join("\n", ports.stream().map(String::valueOf).toList()) + "\n");
        return ports;
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int ephemeralLowest() {
        try {
            String range = Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
            return Integer.parseInt(range.strip().split("\\s+")[0]);
        } catch (IOException | NumberFormatException e) {
            return USUAL_EPHEMERAL_LOWEST; // not Linux: the others start at 49152, which is above our range
        }
    }
}
