import VisionImage
import VisionSystem
import VisionTensor

extension PretrainedModel: Codable {
  enum Keys: String, CodingKey, CaseIterable {
    case name, task, package, version, tag, file, sha256, architecture, preprocessing, labels, license, top1,
      top5
    case mAP, parameters, megabytes
  }

  public init(from decoder: any Decoder) throws {
    try PretrainedManifest.refuseUnknownKeys(decoder, Keys.allCases.map(\.rawValue))
    let values = try decoder.container(keyedBy: Keys.self)
    func text(_ key: Keys) throws -> String { try values.decode(String.self, forKey: key) }
    try self.init(
      name: text(.name), task: values.decodeIfPresent(String.self, forKey: .task) ?? "classification",
      wheel: Wheel(
        package: text(.package), version: text(.version),
        tag: values.decodeIfPresent(String.self, forKey: .tag)),
      file: text(.file), sha256: text(.sha256),
      architecture: values.decodeIfPresent(String.self, forKey: .architecture),
      preprocessing: values.decodeIfPresent(Preprocessing.self, forKey: .preprocessing),
      labels: values.decode(Labels.self, forKey: .labels), license: text(.license),
      top1: values.decodeIfPresent(Double.self, forKey: .top1),
      top5: values.decodeIfPresent(Double.self, forKey: .top5),
      mAP: values.decodeIfPresent(Double.self, forKey: .mAP),
      parameterCount: values.decode(Int.self, forKey: .parameters),
      downloadMegabytes: values.decode(Double.self, forKey: .megabytes))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(name, forKey: .name)
    try values.encode(task, forKey: .task)
    try values.encode(package, forKey: .package)
    try values.encode(version, forKey: .version)
    try values.encodeIfPresent(wheel.tag, forKey: .tag)
    try values.encode(file, forKey: .file)
    try values.encode(sha256, forKey: .sha256)
    try values.encodeIfPresent(architecture, forKey: .architecture)
    try values.encodeIfPresent(preprocessing, forKey: .preprocessing)
    try values.encode(labels, forKey: .labels)
    try values.encode(license, forKey: .license)
    try values.encodeIfPresent(top1, forKey: .top1)
    try values.encodeIfPresent(top5, forKey: .top5)
    try values.encodeIfPresent(mAP, forKey: .mAP)
    try values.encode(parameterCount, forKey: .parameters)
    try values.encode(downloadMegabytes, forKey: .megabytes)
  }
}

extension PretrainedModel.Labels: Codable {
  /// The words for `ImageNetLabels` and `COCOLabels`.
  private static let (imageNetWord, cocoWord) = ("imagenet", "coco")

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let word = try? container.decode(String.self) {
      switch word {
      case Self.imageNetWord: self = .imageNet
      case Self.cocoWord: self = .coco
      default:
        throw StoreError(
          .invalidManifest, "\"\(word)\" is not known",
          place: StoreError.place(decoder.codingPath),
          remedy: "\"\(Self.imageNetWord)\", \"\(Self.cocoWord)\", or the list of names")
      }
    } else {
      self = .names(try container.decode([String].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .imageNet: try container.encode(Self.imageNetWord)
    case .coco: try container.encode(Self.cocoWord)
    case .names(let names): try container.encode(names)
    }
  }
}
