import VisionData
import VisionNet
import VisionSystem

/// The result of `doctor`, as text and JSON.
struct DoctorReport {
  let examination: DatasetExamination

  private static let severities: [Finding.Severity] = [.error, .warning, .note]

  var json: JSON {
    let splits = examination.splits
    return [
      "schema": JSON.schema, "data": .string(examination.root), "splits": .array(splits.map { .string($0) }),
      "images": .integer(examination.images), "unreadable": .integer(examination.undecodable),
      "errors": .integer(count(.error)), "warnings": .integer(count(.warning)),
      "notes": .integer(count(.note)),
      "classes": .array(
        examination.classes.map { item in
          .object(
            [
              ("label", .string(item.label)),
              ("images", .object(zip(splits, item.readable).map { ($0, .integer($1)) })),
              ("unreadable", .integer(item.undecodable)),
            ]
              + (item.objects.map { counts in
                [("objects", .object(zip(splits, counts).map { ($0, .integer($1)) }))]
              } ?? []))
        }),
      "findings": .array(
        examination.findings.map { finding in
          [
            "severity": .string(finding.severity.rawValue), "code": .string(finding.code.rawValue),
            "error": finding.error.map { .string($0) } ?? .null,
            "paths": Self.list(finding.paths.map(relative)),
            "labels": Self.list(finding.labels), "splits": Self.list(finding.splits),
            "message": .string(finding.message), "remedy": .string(finding.remedy),
          ]
        }),
    ]
  }

  /// The table of the classes, then the findings by kind, most severe first.
  ///
  /// - Parameters:
  ///   - isComplete: whether all classes and findings are written, not only the first ones.
  ///   - style: makes severities stand out.
  func text(isComplete: Bool, style: TextStyle = TextStyle(isOn: false)) -> String {
    var lines = [
      "\(FilePath(examination.root).printable): \(Self.count(examination.images, "image")) of "
        + "\(Self.count(examination.classes.count, "class", "classes"))"
        + (examination.undecodable > 0
          ? ", \(Self.count(examination.undecodable, "file")) that cannot be read" : "")
    ]
    if !examination.classes.isEmpty { lines += ["", table(isComplete: isComplete)] }
    let parts = Self.severities.map { Self.count(count($0), $0.rawValue) }
    lines += ["", examination.findings.isEmpty ? "nothing was found" : parts.joined(separator: ", ")]
    for severity in Self.severities {
      for code in Finding.Code.allCases {
        let findings = examination.findings.filter { $0.severity == severity && $0.code == code }
        if !findings.isEmpty {
          lines += [
            "",
            "\(style.severity("\(severity.rawValue):", severity.rawValue)) "
              + FindingTitle.of(code, severity, count: findings.count),
          ]
          lines += describe(findings, limit: isComplete ? Int.max : 8)
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  private func table(isComplete: Bool) -> String {
    if examination.classes.contains(where: { $0.objects != nil }) { return boxTable(isComplete: isComplete) }
    let limit = isComplete ? Int.max : 40
    let hasBad = examination.classes.contains { $0.undecodable > 0 }
    let isSplit = examination.splits.count > 1
    func row(_ name: String, _ counts: [Int], _ undecodable: Int) -> [String] {
      var row = [name] + counts.map { "\($0)" }
      if isSplit { row.append("\(counts.reduce(0, +))") }
      return hasBad ? row + [undecodable > 0 ? "\(undecodable)" : ""] : row
    }
    let classes = examination.classes
    var rows = [
      ["class"] + (isSplit ? examination.splits + ["all"] : ["images"]) + (hasBad ? ["unreadable"] : [])
    ]
    rows += classes.prefix(limit).map { row(FilePath($0.label).printable, $0.readable, $0.undecodable) }
    if classes.count > limit { rows.append(["… and \(classes.count - limit) more classes"]) }
    let sums = examination.splits.indices.map { split in classes.reduce(0) { $0 + $1.readable[split] } }
    rows.append(row("all", sums, classes.reduce(0) { $0 + $1.undecodable }))
    return TextTable.text(rows, numbers: Set(1..<rows[0].count))
  }

  /// The number of objects by split, and of the images that show any.
  private func boxTable(isComplete: Bool) -> String {
    let limit = isComplete ? Int.max : 40
    let isSplit = examination.splits.count > 1
    let classes = examination.classes
    var rows = [["class"] + (isSplit ? examination.splits : []) + ["objects", "images"]]
    func row(_ name: String, _ objects: [Int], _ images: Int) -> [String] {
      [name] + (isSplit ? objects.map { "\($0)" } : []) + ["\(objects.reduce(0, +))", "\(images)"]
    }
    rows += classes.prefix(limit).map {
      row(FilePath($0.label).printable, $0.objects ?? [], $0.readable.reduce(0, +))
    }
    if classes.count > limit { rows.append(["… and \(classes.count - limit) more classes"]) }
    let sums = examination.splits.indices.map { split in classes.reduce(0) { $0 + ($1.objects?[split] ?? 0) }
    }
    rows.append(row("all", sums, examination.images))
    return TextTable.text(rows, numbers: Set(1..<rows[0].count))
  }

  /// Findings of one kind; a remedy that all have in common is written once.
  private func describe(_ findings: [Finding], limit: Int) -> [String] {
    var lines: [String] = []
    let isShared = Set(findings.map(\.remedy)).count == 1
    for finding in findings.prefix(limit) {
      let message =
        FilePath(finding.message).printable + (isShared ? "" : " (\(FilePath(finding.remedy).printable))")
      if finding.paths.count == 1 {
        lines.append("  \(short(finding.paths[0])): \(message)")
      } else {
        lines.append("  \(message)")
        lines += finding.paths.prefix(limit).map { "    \(short($0))" }
        if finding.paths.count > limit { lines.append("    … and \(finding.paths.count - limit) more") }
      }
    }
    if findings.count > limit { lines.append("  … and \(findings.count - limit) more (--all writes them)") }
    if isShared { lines.append("  → \(findings[0].remedy)") }
    return lines
  }

  /// The path relative to the data's folder.
  private func short(_ path: String) -> String { FilePath(relative(path)).printable }

  private func relative(_ path: String) -> String {
    let start = examination.root.hasSuffix("/") ? examination.root : examination.root + "/"
    guard path.utf8.starts(with: start.utf8) else { return path }
    return String(decoding: path.utf8.dropFirst(start.utf8.count), as: UTF8.self)
  }

  private func count(_ severity: Finding.Severity) -> Int {
    examination.findings.count { $0.severity == severity }
  }

  private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number) \(number == 1 ? one : many ?? one + "s")"
  }

  private static func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}
