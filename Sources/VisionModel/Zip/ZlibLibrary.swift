import CZlib

/// The library that inflates and deflates.
package enum ZlibLibrary {
  /// Its version, such as `1.2.13`.
  package static var version: String { String(cString: zlibVersion()) }
}
