#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads the JSON of requests.
enum JSONReading {
  /// - Throws: `ServiceError` with kind `malformed`.
  static func value<Value: Decodable>(_ type: Value.Type, _ bytes: some Sequence<UInt8>) throws(ServiceError)
    -> Value
  {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as ServiceError {
      throw error
    } catch let error as DecodingError {
      throw ServiceError(.malformed, text(error))
    } catch {
      throw ServiceError(.malformed, "the body is no JSON")
    }
  }

  private static func text(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "the member '\(path(context.codingPath + [key]))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "the member '\(path(context.codingPath))' is of another type than it should be"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      "the member '\(path(context.codingPath))' has a value that it cannot have"
    default: "the body is no JSON"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }.joined(separator: ".")
  }

  /// The bytes of base64 (RFC 4648), also in the form of a `data:` URL; nil where it is neither.
  static func base64(_ text: String) -> [UInt8]? {
    var encoded = text[...]
    if encoded.hasPrefix("data:") {
      guard let comma = encoded.firstIndex(of: ","), encoded[..<comma].hasSuffix(";base64") else {
        return nil
      }
      encoded = encoded[encoded.index(after: comma)...]
    }
    return Data(base64Encoded: String(encoded)).map { Array($0) }
  }
}
