/** Benchmarks of the decoder, which is nobody's business outside its package. */
@NullMarked
package io.deltaforge.source.postgres;

import org.jspecify.annotations.NullMarked;
