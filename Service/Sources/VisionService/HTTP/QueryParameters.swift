/// The parameters of a URL's query, of which each is asked for by name and unknown ones are refused.
struct QueryParameters {
  private let values: [String: String]

  /// - Throws: `malformed`, `parameter`.
  init(_ query: String?, known: Set<String>) throws(ServiceError) {
    var values: [String: String] = [:]
    for pair in (query ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentDecoding.text(parts[0], plus: true),
        let value = PercentDecoding.text(parts.count > 1 ? parts[1] : "", plus: true)
      else { throw ServiceError(.malformed, "the query is not percent-encoded UTF-8") }
      guard known.contains(name) else {
        let names = known.sorted().joined(separator: ", ")
        throw ServiceError(
          .parameter, "there is no parameter '\(name)'",
          remedy: known.isEmpty ? "leave it out" : "there are \(names)")
      }
      guard values[name] == nil else {
        throw ServiceError(.parameter, "the parameter '\(name)' is given twice")
      }
      values[name] = value
    }
    self.values = values
  }

  func text(_ name: String) -> String? { values[name] }

  /// - Throws: `parameter`.
  func integer(_ name: String, _ range: ClosedRange<Int>) throws(ServiceError) -> Int? {
    guard let text = values[name] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw ServiceError(
        .parameter, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// - Throws: `parameter`.
  func number(_ name: String, _ range: ClosedRange<Float>) throws(ServiceError) -> Float? {
    guard let text = values[name] else { return nil }
    guard let number = Float(text), range.contains(number) else {
      throw ServiceError(
        .parameter, "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
