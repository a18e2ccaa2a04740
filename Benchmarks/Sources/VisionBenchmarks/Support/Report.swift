#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The measurements of one benchmark: a line of JSON each as they are made, a table at the end.
final class Report {
  enum Value {
    case text(String)
    case integer(Int)
    /// With so many digits after the point in the table; JSON has more.
    case number(Double, Int)
    case flag(Bool)
    case none
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let benchmark: String
  private let file: UnsafeMutablePointer<FILE>?
  private var header: [String] = []
  private var rows: [[String]] = []
  private var numbers: Set<Int> = []

  init(_ benchmark: String, _ options: SharedOptions) throws {
    self.benchmark = benchmark
    file = try options.out.map { path in
      guard let file = fopen(path, "a") else {
        throw Failure(description: "\(path): \(String(cString: strerror(errno)))")
      }
      return file
    }
    progress("\(benchmark) …")
  }

  deinit { if let file { fclose(file) } }

  /// Adds a measurement; all of a benchmark have the same names in the same order.
  func add(_ values: [(name: String, value: Value)]) throws {
    if header.isEmpty { header = values.map(\.name) }
    rows.append(values.map { Self.cell($0.value) })
    for (column, (_, value)) in values.enumerated() {
      switch value {
      case .integer, .number: numbers.insert(column)
      case .text, .flag, .none: break
      }
    }
    let members = [("benchmark", Value.text(benchmark))] + values.map { ($0.name, $0.value) }
    let line =
      "{" + members.map { "\(Self.quoted($0.0)): \(Self.json($0.1))" }.joined(separator: ", ") + "}\n"
    if let file, fputs(line, file) < 0 || fflush(file) != 0 {
      throw Failure(description: "cannot write: \(String(cString: strerror(errno)))")
    }
  }

  /// Prints the table to standard output.
  func print() {
    let table = [header] + rows
    let widths = header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    Swift.print("\n\(benchmark)")
    for row in table {
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return numbers.contains(column) ? space + cell : cell + space
      }
      Swift.print("  " + cells.joined(separator: "  "))
    }
  }

  /// Says on standard error how far it has come.
  func progress(_ text: String) {
    let line = Array("benchmark: \(text)\n".utf8)
    // Nothing depends on whether somebody reads it.
    _ = write(2, line, line.count)
  }

  // MARK: Text

  static func fixed(_ number: Double, _ digits: Int) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return "\(number)" }
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let whole = Int((abs(number) * scale).rounded())
    let sign = number < 0 && whole > 0 ? "-" : ""
    if digits == 0 { return "\(sign)\(whole)" }
    let rest = String(whole % Int(scale))
    return "\(sign)\(whole / Int(scale))." + String(repeating: "0", count: digits - rest.count) + rest
  }

  private static func cell(_ value: Value) -> String {
    switch value {
    case .text(let text): text
    case .integer(let number): "\(number)"
    case .number(let number, let digits): number.isFinite ? fixed(number, digits) : "–"
    case .flag(let flag): flag ? "yes" : "no"
    case .none: "–"
    }
  }

  private static func json(_ value: Value) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .integer(let number): "\(number)"
    case .number(let number, _): number.isFinite ? "\(number)" : "null"
    case .flag(let flag): flag ? "true" : "false"
    case .none: "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
