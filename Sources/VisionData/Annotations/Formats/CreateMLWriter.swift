import VisionSystem

/// Writes annotations of Create ML: a list of images in the folder of each part.
enum CreateMLWriter {
  static func files(_ images: [ExportedImage], _ classes: [String]) -> [(path: String, text: String)] {
    let parts: [DataPart?] = [nil] + DataPart.allCases
    return parts.compactMap { part in
      let own = images.filter { $0.part == part }
      guard !own.isEmpty else { return nil }
      let folder = part.map { "\($0.rawValue)/" } ?? ""
      return ("\(folder)_annotations.createml.json", COCOWriter.list(own.map { entry($0, classes) }) + "\n")
    }
  }

  private static func entry(_ image: ExportedImage, _ classes: [String]) -> JSON {
    [
      "image": .string(image.name),
      "annotations": .array(
        image.image.objects.map { object in
          let box = object.box
          return [
            "label": .string(classes[object.label]),
            "coordinates": [
              "x": COCOWriter.number(box.x + box.width / 2), "y": COCOWriter.number(box.y + box.height / 2),
              "width": COCOWriter.number(box.width), "height": COCOWriter.number(box.height),
            ],
          ]
        }),
    ]
  }
}
