/**
 * For sources to which entries are pushed and which cannot read them again: from the threads on which they arrive to the
 * source thread, with a bound, a position, and a memory of what is not durable yet.
 */
@NullMarked
package io.deltaforge.spi.intake;

import org.jspecify.annotations.NullMarked;
