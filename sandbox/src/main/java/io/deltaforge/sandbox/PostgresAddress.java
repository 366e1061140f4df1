package io.deltaforge.sandbox;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where a server listens and who may enter; the password stays out of {@code toString}. */
record PostgresAddress(String host, int port, String user, String password, String database, String parameters) {

    /** Of {@code postgres://user:password@host:port/database?parameters}. */
    static PostgresAddress parse(String dsn) {
        URI uri = URI.create(dsn);
        String userInfo = uri.getRawUserInfo();
        if (uri.getHost() == null
                || userInfo == null
                || !userInfo.contains(":")
                || uri.getPath().length() < 2) {
            throw new IllegalArgumentException("not of the form postgres://user:password@host:port/database");
        }
        int colon = userInfo.indexOf(':');
        return new PostgresAddress(
                uri.getHost(),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                URLDecoder.decode(userInfo.substring(0, colon), StandardCharsets.UTF_8),
                URLDecoder.decode(userInfo.substring(colon + 1), StandardCharsets.UTF_8),
                uri.getPath().substring(1),
                uri.getRawQuery() == null ? "" : uri.getRawQuery());
    }

    PostgresAddress withDatabase(String name) {
        return new PostgresAddress(host, port, user, password, name, parameters);
    }

    String dsn() {
        return "postgres://" + encode(user) + ":" + encode(password) + "@" + host + ":" + port + "/" + encode(database)
                + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + encode(database) + "?user=" + encode(user)
                + "&password=" + encode(password) + (parameters.isEmpty() ? "" : "&" + parameters);
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
