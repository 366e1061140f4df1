/** Benchmarks on real servers, each beside the limit that the servers themselves set. */
@NullMarked
package io.deltaforge.bench;

import org.jspecify.annotations.NullMarked;
