package io.deltaforge.config;

/** Where something stands in a file; both count from 1, 0 is the file as a whole. */
record Place(int line, int column) {
    static final Place FILE = new Place(0, 0);
}
