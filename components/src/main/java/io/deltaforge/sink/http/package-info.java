@NullMarked
package io.deltaforge.sink.http;

import org.jspecify.annotations.NullMarked;
