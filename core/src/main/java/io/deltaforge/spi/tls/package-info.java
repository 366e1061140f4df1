/** TLS from PEM files. */
@NullMarked
package io.deltaforge.spi.tls;

import org.jspecify.annotations.NullMarked;
