import Testing
import VisionSystem
import VisionImage
import VisionTestSupport

@testable import VisionData

@Suite struct DatasetTableTests {
  private func read(_ text: String) throws -> (ImageFolder, SampleFolder) {
    let folder = try SampleFolder()
    try folder.write(Array(text.utf8), to: "pets.csv")
    return (try ImageFolder(folder.file("pets.csv"), validation: 0), folder)
  }

  private func code(_ text: String) -> DatasetError.Kind? {
    do {
      _ = try read(text)
      return nil
    } catch { return (error as? DatasetError)?.kind }
  }

  @Test func linesArePathsAndLabels() throws {
    let (data, folder) = try read(
      "\u{FEFF}path,label\r\na b.jpg,dog\r\n\"c,\"\"d\"\".jpg\",cat\n\n/x/e.png,dog")
    #expect(data.labels == ["cat", "dog"])
    #expect(data.training.map(\.relativePath) == ["/x/e.png", "a b.jpg", "c,\"d\".jpg"])
    #expect(data.training.map(\.label) == [1, 1, 0])
    #expect(data.training.map(\.path) == ["/x/e.png", folder.file("a b.jpg"), folder.file("c,\"d\".jpg")])
    #expect(data.name == "pets")
  }

  @Test func anAccentAfterASlashDoesNotHideIt() throws {
    let (data, folder) = try read("/\u{301}a.png,x\nb/\u{301}c.png,y\n")
    #expect(data.training.map(\.path) == ["/\u{301}a.png", folder.file("b/\u{301}c.png")])
    let odd = try SampleFolder()
    try odd.write(Array("a.png,x\n".utf8), to: "\u{301}.csv")
    let path = "\(odd.path)/\u{301}.csv"
    #expect(try ImageFolder(path, validation: 0).training[0].path == "\(odd.path)/a.png")
  }

  @Test func aTableWithoutTitlesLosesNoLine() throws {
    #expect(try read("a.jpg,dog\nb.jpg,cat\n").0.training.count == 2)
  }

  @Test func badTablesAreErrors() {
    #expect(code("a.jpg\n") == .table)
    #expect(code("a.jpg,\n") == .table)
    #expect(code("\"a.jpg,dog\n") == .table)
    #expect(code("") == .noImages)
    #expect(code("path,label\n") == .noImages)
    #expect(code("a.jpg,dog,cat\n") == .table)
    #expect(code("a.jpg, ; |\n") == .table)
    #expect(code("a\u{0}.jpg,dog\n") == .table)
  }

  @Test func listsAreSeveralLabels() throws {
    let (data, folder) = try read("a.jpg,dog ; cat\nb.jpg,cow\nc.jpg,\"cow|dog|cow\"\nd.jpg, ox\n")
    #expect(data.labels == ["cat", "cow", "dog", "ox"])
    #expect(data.training.map(\.labels) == [[0, 2], [1], [1, 2], [3]])
    #expect(data.training.map(\.label) == [0, 1, 1, 3])
    #expect(data.isMultiLabel)
    try data.check()
    do {
      try data.checkSingleLabel()
      Issue.record("no error")
    } catch {
      #expect(error.kind == .severalLabels && error.place == folder.file("a.jpg"))
      #expect(error.message.contains("'cat', 'dog'"))
    }
    let single = try read("a.jpg,dog\nb.jpg,cow\n").0
    #expect(!single.isMultiLabel)
    try single.checkSingleLabel()
  }
}
