/// The JSON of a request: one image, or several, in base64.
struct ImagesBody: Decodable {
  struct Image: Decodable {
    let image: String
    let name: String?

    enum CodingKeys: String, CodingKey, CaseIterable { case image, name }

    init(from decoder: any Decoder) throws {
      try AnyKey.refuseOthers(than: CodingKeys.allCases.map(\.rawValue), in: decoder)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      image = try values.decode(String.self, forKey: .image)
      name = try values.decodeIfPresent(String.self, forKey: .name)
    }
  }

  let image: String?
  let name: String?
  let images: [Image]?
  let model: String?
  let top: Int?
  let confidence: Float?
  let label: String?
  let index: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case image, name, images, model, top, confidence, label, index
  }

  init(from decoder: any Decoder) throws {
    try AnyKey.refuseOthers(than: CodingKeys.allCases.map(\.rawValue), in: decoder)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    image = try values.decodeIfPresent(String.self, forKey: .image)
    name = try values.decodeIfPresent(String.self, forKey: .name)
    images = try values.decodeIfPresent([Image].self, forKey: .images)
    model = try values.decodeIfPresent(String.self, forKey: .model)
    top = try values.decodeIfPresent(Int.self, forKey: .top)
    confidence = try values.decodeIfPresent(Float.self, forKey: .confidence)
    label = try values.decodeIfPresent(String.self, forKey: .label)
    index = try values.decodeIfPresent(Int.self, forKey: .index)
  }
}
