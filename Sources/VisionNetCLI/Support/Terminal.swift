import VisionSystem

/// What is known of the terminal that a file may be.
enum Terminal {
  /// Whether the file of that descriptor is a terminal.
  static func isOne(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Whether the terminal says of itself that it knows no escape codes.
  static var isDumb: Bool { value("TERM") == "dumb" }

  /// The columns of the terminal: those that `COLUMNS` gives, or those that the terminal says; nil where the file is no
  /// terminal or nobody knows them, so that nothing is shortened.
  static func width(of descriptor: Int32) -> Int? {
    guard isOne(descriptor) else { return nil }
    return width(columns: value("COLUMNS"), reported: reported(by: descriptor))
  }

  /// The value of `COLUMNS` if it is one, or else what the terminal reports. Less than 20 columns show nothing of use,
  /// and some terminals report 0.
  static func width(columns: String?, reported: Int?) -> Int? {
    (columns.flatMap { Int($0) } ?? reported).flatMap { (20...10_000).contains($0) ? $0 : nil }
  }

  private static func reported(by descriptor: Int32) -> Int? {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : nil
  }

  private static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
