@NullMarked
package io.deltaforge.sink.file;

import org.jspecify.annotations.NullMarked;
