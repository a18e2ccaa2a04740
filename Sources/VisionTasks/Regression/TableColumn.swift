public import VisionSystem

/// A column of numbers: its name, and the mean and the standard deviation in the training rows.
public struct TableColumn: Sendable, Hashable {
  public let name: String
  public let mean: Double
  /// Above 0.
  public let deviation: Double

  /// A column with these values; if they are all the same, the deviation is 1.
  ///
  /// - Throws: `TrainingError` with code `notFinite` for a value or a deviation that is not finite, and
  ///   `data` for no values.
  public init(name: String, values: [Double]) throws(TrainingError) {
    guard !values.isEmpty else { throw TrainingError(.data, "there are no rows", place: name) }
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw TrainingError(
        .notFinite, "the value \(values[row]) is no finite number", place: "\(name), row \(row)")
    }
    let count = Double(values.count)
    // Divide first, so that large values do not add up to infinity.
    let mean = values.reduce(0) { $0 + $1 / count }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / count }
    let deviation = variance.squareRoot()
    guard deviation.isFinite else {
      throw TrainingError(.notFinite, "its values are too far apart", place: name)
    }
    (self.name, self.mean, self.deviation) = (name, mean, deviation > 0 ? deviation : 1)
  }

  /// Reads a column from a model's signature; nil where the JSON is not a valid column.
  init?(_ json: JSON) {
    guard case .object(let members) = json else { return nil }
    var (name, numbers): (String?, [String: Double]) = (nil, [:])
    for (key, value) in members {
      switch value {
      case .string(let text) where key == "name": name = text
      case .number(let number): numbers[key] = number
      case .integer(let number): numbers[key] = Double(number)
      default: break
      }
    }
    guard let name, let mean = numbers["mean"], let deviation = numbers["deviation"], mean.isFinite,
      deviation > 0, deviation.isFinite
    else { return nil }
    (self.name, self.mean, self.deviation) = (name, mean, deviation)
  }

  var json: JSON {
    .object([("name", .string(name)), ("mean", .number(mean)), ("deviation", .number(deviation))])
  }

  /// The standardized value, which networks read.
  func scaled(_ value: Double) -> Float { Float((value - mean) / deviation) }
  /// The value for a standardized one: the inverse of `scaled`.
  func value(_ scaled: Float) -> Double { Double(scaled) * deviation + mean }
}
