import Testing

@testable import VisionData

/// Annotations that lie in another folder than the images.
@Suite struct AnnotationsElsewhereTests {
  private func read(_ folder: AnnotationFolder, _ annotations: String, images: String = "photos") throws
    -> AnnotationSet
  {
    try AnnotationSet(
      folder.file(images), options: AnnotationOptions(annotations: folder.file(annotations)), threads: 1)
  }

  private func folder() throws -> AnnotationFolder {
    let folder = try AnnotationFolder()
    try folder.addImage("photos/a.png", 10, 20)
    try folder.addImage("photos/deep/b.png", 10, 20)
    // An image of the same name beside the annotations is another one.
    try folder.addImage("notes/a.png", 40, 40)
    return folder
  }

  @Test(arguments: [
    ("t.csv", "image,label,x,y,width,height\na.png,cat,1,2,3,4\nb.png,cat,0,0,5,5\n"),
    (
      "t.json",
      """
      {"images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "deep/b.png"}],
      "categories": [{"id": 7, "name": "cat"}], "annotations": [
      {"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4]},
      {"id": 2, "image_id": 2, "category_id": 7, "bbox": [0, 0, 5, 5]}]}
      """
    ),
    (
      "t.xml",
      """
      <annotations><image id="0" name="a.png" width="10" height="20">
      <box label="cat" xtl="1" ytl="2" xbr="4" ybr="6"/></image>
      <image id="1" name="b.png" width="10" height="20">
      <box label="cat" xtl="0" ytl="0" xbr="5" ybr="5"/></image></annotations>
      """
    ),
    (
      "m.json",
      """
      [{"image": "a.png", "annotations": [
      {"label": "cat", "coordinates": {"x": 2.5, "y": 4, "width": 3, "height": 4}}]},
      {"image": "b.png", "annotations": [
      {"label": "cat", "coordinates": {"x": 2.5, "y": 2.5, "width": 5, "height": 5}}]}]
      """
    ),
  ]) func aFileIsReadForTheImagesOfAFolder(_ name: String, _ text: String) throws {
    let folder = try folder()
    try folder.write(text, to: "notes/\(name)")
    let set = try read(folder, "notes/\(name)")
    #expect(set.root == folder.file("photos"))
    #expect(set.boxes("a.png") == ["cat 1.0 2.0 3.0 4.0"])
    #expect(set.boxes("deep/b.png") == ["cat 0.0 0.0 5.0 5.0"])
    #expect(set.images.map(\.path) == [folder.file("photos/a.png"), folder.file("photos/deep/b.png")])
  }

  @Test func aConfigurationOfYOLOIsReadWithLabelsBesideItOrBesideTheImages() throws {
    let folder = try folder()
    try folder.write("names: [cat]\n", to: "notes/data.yaml")
    try folder.write("0 0.5 0.5 0.2 0.2\n", to: "notes/labels/a.txt")
    try folder.write("0 0.5 0.5 0.4 0.2\n", to: "photos/deep/b.txt")
    let set = try read(folder, "notes/data.yaml")
    #expect(set.boxes("a.png") == ["cat 4.0 8.0 2.0 4.0"])
    #expect(set.boxes("deep/b.png") == ["cat 3.0 8.0 4.0 4.0"])
    try folder.write("names: [cat]\ntrain: ../old/deep\nval: .\n", to: "notes/parts.yaml")
    let parts = try read(folder, "notes/parts.yaml")
    #expect(parts.images.count == 2)
  }

  @Test func foldersOfVOCAndLabelMeAreRead() throws {
    let folder = try folder()
    let object =
      "<object><name>cat</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>4</xmax><ymax>6</ymax></bndbox></object>"
    try folder.write(
      "<annotation><filename>a.png</filename>\(object)</annotation>", to: "voc/Annotations/a.xml")
    try folder.write(
      "<annotation><filename>b.png</filename>\(object)</annotation>", to: "voc/Annotations/b.xml")
    try folder.write("a\n", to: "voc/ImageSets/Main/train.txt")
    try folder.write("b\n", to: "voc/ImageSets/Main/val.txt")
    let voc = try read(folder, "voc/")
    #expect(voc.boxes("a.png") == ["cat 1.0 2.0 3.0 4.0"] && voc.boxes("deep/b.png").count == 1)
    #expect(voc.images.map(\.part) == [.train, .val])
    let shape = #"{"label": "cat", "shape_type": "rectangle", "points": [[1, 2], [4, 6]]}"#
    try folder.write(#"{"shapes": [\#(shape)], "imagePath": "a.png"}"#, to: "me/val/a.json")
    let labelMe = try read(folder, "me")
    #expect(labelMe.boxes("a.png") == ["cat 1.0 2.0 3.0 4.0"] && labelMe.images[0].part == .val)
  }

  @Test func whatIsNoFolderOfImagesIsRefused() throws {
    let folder = try folder()
    try folder.write("image,label,x,y,width,height\na.png,cat,1,2,3,4\n", to: "t.csv")
    func kind(_ annotations: String, _ images: String) -> DatasetError.Kind? {
      do {
        _ = try read(folder, annotations, images: images)
        return nil
      } catch { return (error as? DatasetError)?.kind }
    }
    #expect(kind("t.csv", "none") == .missing && kind("none.csv", "photos") == .missing)
    #expect(kind("t.csv", "t.csv") == .annotations && kind("photos/a.png", "photos") == .annotations)
  }
}
