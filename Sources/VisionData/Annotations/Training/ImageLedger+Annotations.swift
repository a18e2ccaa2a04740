import VisionSystem

extension ImageLedger {
  /// Records the images of annotated data with their boxes: the hash is that of the file's and of what is annotated in
  /// it, so that a resumed run also finds changed boxes.
  package init(_ survey: AnnotatedSurvey) {
    let data = survey.data
    let parts =
      data.training.map { _ in "train" } + data.validation.map { _ in "val" } + data.test.map { _ in "test" }
    self.init(
      entries: zip(data.images, zip(parts, survey.hashes)).map { image, rest in
        var text = rest.1.hexadecimal
        for object in image.objects {
          let box = object.box
          text +=
            "\n\(data.classes[object.label])\t\(box.x) \(box.y) \(box.width) \(box.height) \(object.isLearned)"
        }
        return Entry(
          part: rest.0, label: "", hash: ContentHash(of: Array(text.utf8)).hexadecimal, path: image.name)
      })
  }
}
