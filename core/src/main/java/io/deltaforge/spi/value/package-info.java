/** From the text forms of {@link io.deltaforge.event.DataType.Kind} to values of documents. */
@NullMarked
package io.deltaforge.spi.value;

import org.jspecify.annotations.NullMarked;
