package io.deltaforge.event;

/**
 * A column of a table.
 *
 * @param name as the database has it: not quoted, case kept
 * @param key whether it belongs to the primary key
 */
public record Column(String name, DataType type, boolean key) {}
