import VisionSystem
import VisionTensor

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Preprocessing {
  /// The version of the JSON form; other versions are not accepted.
  public static let jsonVersion = 1

  /// The largest JSON, in bytes, that is read.
  static let maximumJSONBytes = 1 << 16

  /// Reads the JSON form.
  ///
  /// Throws `invalidPreprocessing`, with the key as place, for malformed JSON, unknown or missing keys, and
  /// values of a wrong type or out of range.
  public init(json: [UInt8]) throws(ImageError) {
    guard json.count <= Self.maximumJSONBytes else {
      throw ImageError(.invalidPreprocessing, "more than \(Self.maximumJSONBytes) bytes of JSON")
    }
    do {
      self = try JSONDecoder().decode(Preprocessing.self, from: Data(json))
    } catch let error as ImageError {
      throw error
    } catch let error as DecodingError {
      throw ImageError(decoding: error)
    } catch {
      throw ImageError(.invalidPreprocessing, "\(error)")
    }
  }

  /// Reads the JSON form.
  public init(json: String) throws(ImageError) { try self.init(json: [UInt8](json.utf8)) }

  /// The JSON form on one line with sorted keys, so that equal values give equal text.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // Encoding cannot fail, since `init` admits only finite numbers.
    guard let data = try? encoder.encode(self) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }
}

extension Preprocessing: Codable {
  private enum Keys: String, CodingKey, CaseIterable {
    case version, width, height, fit, filter, channels, scale, mean, deviation, decoding, levels
  }

  public init(from decoder: any Decoder) throws {
    try Self.refuseUnknownKeys(decoder, Keys.allCases.map(\.rawValue))
    let values = try decoder.container(keyedBy: Keys.self)
    let version: Int = try values.value(.version)
    guard version == Self.jsonVersion else {
      throw ImageError(
        .invalidPreprocessing, "version \(version) is not known", place: "version",
        remedy: "update VisionNet")
    }
    try self.init(
      width: values.value(.width), height: values.value(.height), fit: values.value(.fit),
      filter: values.word(.filter), channels: values.word(.channels), scale: values.value(.scale),
      mean: values.value(.mean), deviation: values.value(.deviation),
      decoding: values.contains(.decoding) ? values.word(.decoding) : .full,
      levels: values.contains(.levels) ? values.value(.levels) : nil)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(Self.jsonVersion, forKey: .version)
    try values.encode(width, forKey: .width)
    try values.encode(height, forKey: .height)
    try values.encode(fit, forKey: .fit)
    try values.encode(filter, forKey: .filter)
    try values.encode(channels, forKey: .channels)
    try values.encode(scale, forKey: .scale)
    try values.encode(mean, forKey: .mean)
    try values.encode(deviation, forKey: .deviation)
    // Omitted by default, so that existing files do not change and older versions can read them.
    if decoding != .full { try values.encode(decoding, forKey: .decoding) }
    try values.encodeIfPresent(levels, forKey: .levels)
  }

  /// Rejects unknown keys. Otherwise a setting with a misspelled key would be ignored silently.
  static func refuseUnknownKeys(_ decoder: any Decoder, _ known: [String]) throws {
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
      throw ImageError(
        .invalidPreprocessing, "the key is not known here",
        place: (decoder.codingPath.map(\.stringValue) + [key.stringValue]).joined(separator: "."),
        remedy: "known keys: \(known.joined(separator: ", "))")
    }
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension KeyedDecodingContainer {
  /// The value of a key. Errors of the decoder that lack a place, as for 2.5 as an integer, get the key as
  /// place.
  func value<Value: Decodable>(_ key: Key) throws -> Value {
    do { return try decode(Value.self, forKey: key) } catch {
      switch error {
      case is ImageError, DecodingError.typeMismatch, DecodingError.keyNotFound, DecodingError.valueNotFound:
        throw error
      case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty: throw error
      default: break
      }
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath + [key], debugDescription: "\(error)"))
    }
  }

  /// The value of a key that must be one of a few words.
  func word<Value: RawRepresentable & CaseIterable>(_ key: Key) throws -> Value
  where Value.RawValue == String {
    let text: String = try value(key)
    guard let word = Value(rawValue: ChannelOrder.formerNames[text] ?? text) else {
      throw ImageError(
        .invalidPreprocessing, "\"\(text)\" is not known",
        place: (codingPath + [key]).map(\.stringValue).joined(separator: "."),
        remedy: "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }
}

extension ImageError {
  fileprivate init(decoding error: DecodingError) {
    func place(_ path: [any CodingKey]) -> String? {
      path.isEmpty ? nil : path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      self.init(.invalidPreprocessing, "the key is missing", place: place(context.codingPath + [key]))
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      self.init(.invalidPreprocessing, "the value has the wrong type", place: place(context.codingPath))
    case .dataCorrupted(let context):
      self.init(
        .invalidPreprocessing,
        context.codingPath.isEmpty ? "malformed JSON" : "the value cannot be read",
        place: place(context.codingPath))
    @unknown default:
      self.init(.invalidPreprocessing, "malformed JSON")
    }
  }
}
