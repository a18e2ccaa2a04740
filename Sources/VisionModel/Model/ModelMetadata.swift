import VisionSystem
import VisionTensor
import VisionImage

/// The keys `visionnet.*` of a model file's metadata, for what ONNX does not define. Each value is JSON with
/// a version.
enum ModelMetadata {
  private static let labels = "visionnet.labels"
  private static let preprocessing = "visionnet.preprocessing"
  private static let network = "visionnet.network"
  private static let provenance = "visionnet.provenance"
  private static let quantization = "visionnet.quantization"
  private static let training = "visionnet.training"
  private static let signature = "visionnet.signature"
  /// The version of all but the preprocessing, which has its own.
  private static let version = 1

  /// The metadata of a model file, VisionNet's own first.
  static func entries(_ model: Model) -> [(key: String, value: String)] {
    var entries: [(key: String, value: String)] = []
    if !model.labels.isEmpty {
      let list = model.labels.map(JSONText.quoted).joined(separator: ",")
      entries.append((labels, object([("labels", "[\(list)]")])))
    }
    if let value = model.preprocessing { entries.append((preprocessing, value.json)) }
    let network = [model.embedding, model.head, model.scores, model.activation?.rawValue]
    if network.contains(where: { $0 != nil }) || model.threshold != nil {
      let members = [
        ("embedding", model.embedding.map(JSONText.quoted)), ("head", model.head.map(JSONText.quoted)),
        ("threshold", model.threshold.map { "\($0)" }), ("scores", model.scores.map(JSONText.quoted)),
        ("activation", model.activation.map { JSONText.quoted($0.rawValue) }),
      ]
      entries.append((Self.network, object(members)))
    }
    if let value = model.provenance {
      let members = [("name", value.name), ("source", value.source), ("licence", value.license)]
      entries.append((provenance, object(members.map { ($0.0, JSONText.quoted($0.1)) })))
    }
    if let value = model.quantization {
      entries.append((quantization, object(value.members.map { ($0.0, $0.1) })))
    }
    if let value = model.trainingImages { entries.append((training, object(value.members))) }
    if let value = model.declared { entries.append((signature, object(value.members))) }
    return entries + model.writtenMetadata.filter { !isOwn($0.key) }
  }

  /// What a file says that selects boxes by itself.
  static func entry(_ selection: OnnxSelection) -> (key: String, value: String) {
    (OnnxSelection.key, object(selection.members))
  }

  private static func object(_ members: [(String, String?)]) -> String {
    let pairs = [("version", "\(version)")] + members.compactMap { key, value in value.map { (key, $0) } }
    return "{" + pairs.map { "\(JSONText.quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
  }

  /// Reads VisionNet's own keys into `model` and keeps all other entries.
  static func read(_ entries: [(key: String, value: String)], into model: inout Model) throws(FormatError) {
    var seen: Set<String> = []
    for (key, value) in entries {
      guard isOwn(key) else {
        model.metadata.append((key, value))
        continue
      }
      guard seen.insert(key).inserted else { throw error(key, "is given twice") }
      switch key {
      case labels:
        let list = try object(key, value)("labels")?.array
        guard let list, case let names = list.compactMap(\.string), names.count == list.count else {
          throw error(key, "holds no labels")
        }
        model.labels = names
      case preprocessing:
        do {
          model.preprocessing = try Preprocessing(json: value)
        } catch {
          throw FormatError(
            .corrupt, error.description, node: key, remedy: "update VisionNet, or write the model again")
        }
      case network:
        let member = try object(key, value)
        model.embedding = member("embedding")?.string
        model.head = member("head")?.string
        if case .number(let digits)? = member("threshold") { model.threshold = Double(digits) }
        model.scores = member("scores")?.string
        if let name = member("activation")?.string {
          guard let activation = OutputActivation(rawValue: name) else {
            throw error(key, "has the unknown activation '\(name)'")
          }
          model.activation = activation
        }
      case provenance:
        let member = try object(key, value)
        model.provenance = Model.Provenance(
          name: member("name")?.string ?? "", source: member("source")?.string ?? "",
          license: member("licence")?.string ?? "")
      case quantization:
        let member = try object(key, value)
        guard let quantization = Model.Quantization(member) else { throw error(key, "lacks figures") }
        model.quantization = quantization
      case training:
        let member = try object(key, value)
        guard let images = Model.TrainingImages(member) else { throw error(key, "holds no hashes of images") }
        model.trainingImages = images
      case signature:
        let member = try object(key, value)
        guard let signature = Signature(member) else { throw error(key, "holds no signature") }
        model.declared = signature
      // The nodes were left out; the network is the same.
      case OnnxSelection.key: _ = try object(key, value)
      default:
        throw FormatError(
          .unsupported, "the metadata '\(key)' is unknown", node: key, remedy: "update VisionNet")
      }
    }
  }

  /// The image size given in a file's metadata by VisionNet or another exporter; nil if there is none.
  static func sides(_ entries: [(key: String, value: String)]) -> ImageSides? {
    if let text = entries.first(where: { $0.key == preprocessing })?.value,
      let steps = try? Preprocessing(json: text)
    {
      return ImageSides(steps)
    }
    let foreign = ForeignMetadata(entries)
    guard let height = foreign.imageHeight, let width = foreign.imageWidth else { return nil }
    return ImageSides(height: height, width: width)
  }

  private static func isOwn(_ key: String) -> Bool { key.hasPrefix("visionnet.") }

  /// The members of a JSON object, whose version is checked.
  private static func object(_ key: String, _ text: String) throws(FormatError) -> (String) -> JSONText? {
    let json: JSONText
    do {
      json = try JSONText(ByteRange(Array(text.utf8)))
    } catch { throw self.error(key, error.message) }
    guard case .object(let members) = json else { throw error(key, "is no JSON object") }
    let version = members.first { $0.key == "version" }?.value.integer
    guard version == Self.version else {
      throw FormatError(
        .unsupported,
        "the metadata has the version \(version.map { "\($0)" } ?? "none"), not \(Self.version)", node: key,
        remedy: "update VisionNet")
    }
    return { name in members.first { $0.key == name }?.value }
  }

  private static func error(_ key: String, _ message: String) -> FormatError {
    FormatError(.corrupt, "the metadata \(message)", node: key, remedy: "write the model again")
  }
}
