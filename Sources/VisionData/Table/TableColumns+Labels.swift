extension TableColumns {
  /// The columns of the labels: the one with a usual heading, one for each class, the only other one, or the
  /// only one whose values repeat.
  ///
  /// - Throws: `DatasetError` that lists the columns if several are possible.
  func findLabels() throws(DatasetError) -> Labels {
    let candidates = candidates
    guard !candidates.isEmpty else {
      throw DatasetError(
        .table, "the line is not a path and a label", place: "\(place), line \(rows[0].line)",
        remedy: "write: image.jpg,label")
    }
    if !headings.isEmpty {
      let plain = candidates.filter { TableTitles.isLabel(headings[$0]) }
      if let column = agreed(plain) { return .column(column) }
      if !plain.isEmpty {
        throw unclear("several columns may hold the labels, \(plain.map(name).joined(separator: ", "))")
      }
      let kinds = candidates.filter { TableTitles.isKind(headings[$0]) && !statistics[$0].areAnswers }
      let classes = candidates.filter { statistics[$0].areAnswers && !headings[$0].isEmpty }
      if classes.count > 1 {
        if kinds.isEmpty { return .classes(classes) }
        guard !isExclusive(classes) else {
          throw unclear(
            "the labels may be \(name(of: kinds[0])), or a class for each of "
              + classes.prefix(8).map(name).joined(separator: ", "))
        }
      }
      if let column = agreed(kinds) { return .column(column) }
    }
    if candidates.count == 1 { return .column(candidates[0]) }
    let repeated = candidates.filter { statistics[$0].areRepeated }
    if !headings.isEmpty, repeated.count == 1 { return .column(repeated[0]) }
    throw unclear("it is not clear which column holds the labels")
  }

  /// The only column, or, of several columns that are equivalent, such as numbers and names of classes, the
  /// first that does not contain numbers; nil if they are not equivalent.
  private func agreed(_ columns: [Int]) -> Int? {
    guard let first = columns.first else { return nil }
    for column in columns.dropFirst() where !isSame(first, column) { return nil }
    return columns.first { !statistics[$0].areNumbers } ?? first
  }

  /// Whether two columns group the rows in the same way.
  private func isSame(_ a: Int, _ b: Int) -> Bool {
    guard statistics[a].distinct == statistics[b].distinct else { return false }
    var there: [String: String] = [:]
    return rows.allSatisfy { row in
      guard a < row.fields.count, b < row.fields.count else { return false }
      if let known = there[row.fields[a]] { return known == row.fields[b] }
      there[row.fields[a]] = row.fields[b]
      return true
    }
  }

  /// Whether every row belongs to exactly one of the classes.
  private func isExclusive(_ columns: [Int]) -> Bool {
    rows.allSatisfy { row in
      columns.count { $0 < row.fields.count && ColumnStatistics.answer(row.fields[$0]) == true } == 1
    }
  }

  /// How the columns were interpreted, unless that is obvious.
  var note: String? {
    let filled = (0..<width).count { !statistics[$0].isEmpty }
    var isPlain = filled == 2 && (headings.isEmpty || TableTitles.pathRank(headings[path]) != nil)
    var used = [path]
    var text = "images from the column \(name(of: path)), "
    switch labels {
    case .column(let column):
      isPlain = isPlain && (headings.isEmpty || TableTitles.isLabel(headings[column]))
      used.append(column)
      text += "labels from \(name(of: column))"
    case .classes(let columns):
      isPlain = false
      used += columns
      text += "a class for each of the \(columns.count) columns of 0 and 1"
    }
    switch parts {
    case .column(let column)?, .question(let column, _)?:
      used.append(column)
      text += ", parts of the data from \(name(of: column))"
    case nil: break
    }
    let others = (0..<width).filter { !used.contains($0) && !statistics[$0].isEmpty }
    if !others.isEmpty {
      text +=
        "; not used: " + others.prefix(8).map(name).joined(separator: ", ") + (others.count > 8 ? ", …" : "")
    }
    return isPlain ? nil : text
  }
}
