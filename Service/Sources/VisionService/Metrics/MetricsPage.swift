/// Metrics in the text format of Prometheus, sorted, so that the same numbers give the same text.
struct MetricsPage {
  private(set) var text = ""

  mutating func counter(_ name: String, _ help: String, _ values: [(labels: [(String, String)], value: Int)])
  {
    write(name, help, "counter", values)
  }

  mutating func gauge(_ name: String, _ help: String, _ values: [(labels: [(String, String)], value: Int)]) {
    write(name, help, "gauge", values)
  }

  mutating func histogram(_ name: String, _ help: String, _ label: String, _ values: [String: Histogram]) {
    head(name, help, "histogram")
    for (key, histogram) in values.sorted(by: { $0.key < $1.key }) {
      text += histogram.lines(name, label.isEmpty ? "" : Self.labels([(label, key)]))
    }
  }

  private mutating func write(
    _ name: String, _ help: String, _ kind: String, _ values: [(labels: [(String, String)], value: Int)]
  ) {
    head(name, help, kind)
    for line in values.map({ values in
      (values.labels.isEmpty ? name : "\(name){\(Self.labels(values.labels))}") + " \(values.value)\n"
    }).sorted() { text += line }
  }

  private mutating func head(_ name: String, _ help: String, _ kind: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
  }

  private static func labels(_ labels: [(String, String)]) -> String {
    labels.map { name, value in
      let escaped = value.unicodeScalars.map { scalar -> String in
        switch scalar {
        case "\\": "\\\\"
        case "\"": "\\\""
        case "\n": "\\n"
        default: String(scalar)
        }
      }.joined()
      return "\(name)=\"\(escaped)\""
    }.joined(separator: ",")
  }
}
