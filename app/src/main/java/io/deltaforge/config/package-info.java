/**
 * From a YAML file to typed records: one tree with the place of every key, one binder that reads the config records of
 * the components, and what is generated from the same records (JSON Schema, reference page).
 */
@NullMarked
package io.deltaforge.config;

import org.jspecify.annotations.NullMarked;
