/// COCO's twelve numbers, of all classes or of one.
public struct DetectionNumbers: Sendable, Hashable {
  /// In the order of the measures; nil where there is no object of the size.
  private var values: [Double?]

  /// - Parameter values: the twelve in the order of the measures.
  init(_ values: [Double?]) { self.values = values }

  /// The number, 0...1; nil where there is no object of the size.
  public subscript(measure: DetectionMeasure) -> Double? { values[measure.index] }

  /// All twelve in the order of pycocotools' `stats`, with -1 for absent ones.
  public var stats: [Double] { values.map { $0 ?? -1 } }

  /// The mean of the classes' numbers, over those that have one.
  init(meanOf classes: [DetectionNumbers]) {
    values = DetectionMeasure.allCases.indices.map { index in
      let present = classes.compactMap { $0.values[index] }
      return present.isEmpty ? nil : present.reduce(0, +) / Double(present.count)
    }
  }
}

/// With the keys of records, and -1 for absent numbers.
extension DetectionNumbers: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ measure: DetectionMeasure) { stringValue = measure.rawValue }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    values = try DetectionMeasure.allCases.map {
      let number = try container.decode(Double.self, forKey: Key($0))
      return number == -1 ? nil : number
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (measure, number) in zip(DetectionMeasure.allCases, stats) {
      try container.encode(number, forKey: Key(measure))
    }
  }
}
