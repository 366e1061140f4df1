@NullMarked
package io.deltaforge.sink.kafka;

import org.jspecify.annotations.NullMarked;
