@NullMarked
package io.deltaforge.house;

import org.jspecify.annotations.NullMarked;
