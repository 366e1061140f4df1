/** What the command {@code sandbox} shows: a terminal's lines, events as a consumer sees them, counts, and its pipeline. */
@NullMarked
package io.deltaforge.cli.sandbox;

import org.jspecify.annotations.NullMarked;
