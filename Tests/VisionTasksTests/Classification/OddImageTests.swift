import VisionData
import Testing
import VisionTestSupport
import VisionImage
import VisionSystem
import VisionTensor

@testable import VisionTasks
@testable import VisionTraining

/// Files that are not quite as they should be: told of, and refused when asked to be strict.
@Suite struct OddImageTests {
  /// Three classes of six images and a JPEG without its end marker in one of them.
  private func folder() throws -> SampleFolder {
    let folder = try SampleFolder.colors(6)
    let jpeg = try Image(encoded: SampleFolder.image(3, channel: 0)).jpegData()
    try folder.write(Array(jpeg.dropLast(2)), to: "red/no end.jpg")
    return folder
  }

  @Test func aSurveyTellsOfThem() throws {
    let folder = try folder()
    let survey = try FolderSurvey(of: ImageFolder(folder.path))
    #expect(survey.skipped.isEmpty)
    #expect(survey.odd.map(\.path) == [folder.file("red/no end.jpg")])
    #expect(survey.odd.first?.message.contains("end") == true)
    let strict = try FolderSurvey(of: ImageFolder(folder.path), options: ImageOptions(isStrict: true))
    #expect(strict.skipped.map(\.path) == [folder.file("red/no end.jpg")])
    #expect(strict.skipped.first?.code == "truncated" && strict.odd.isEmpty)
  }

  @Test func transferLearningTellsOfThemOnceAndIsStrictInSpiteOfTheCache() throws {
    let folder = try folder()
    let cache = try SampleFolder.colors(0)
    var learning = TransferLearning(try TinyBackbone.make(), cacheFolder: cache.path)
    let notes = Locked<[String]>([])
    func train() throws -> TransferLearning.Result {
      try learning.train(
        on: ImageFolder(folder.path),
        report: { event in if case .note(let text) = event { notes.withLock { $0.append(text) } } })
    }
    #expect(try train().skipped.isEmpty)
    #expect(notes.withLock { $0.count { $0.contains("no end.jpg") } } == 1)
    learning.isStrictDecoding = true
    #expect(try train().skipped.map(\.path) == [folder.file("red/no end.jpg")])
  }

  @Test func theDoctorFindsThem() throws {
    let folder = try folder()
    func codes(_ options: DatasetExamination.Options) throws -> [String] {
      try DatasetExamination(folder.path, options: options).findings
        .filter { $0.paths.contains { $0.hasSuffix("no end.jpg") } }.map {
          "\($0.severity) \($0.code) \($0.error ?? "")"
        }
    }
    #expect(try codes(.init()).contains("warning oddFile "))
    #expect(try codes(.init(isStrictDecoding: true)).contains("error undecodable truncated"))
  }

  @Test func theSummaryNamesTheFirst() {
    #expect(OddImage.summary([]) == nil)
    let two = [OddImage(path: "b", message: "y"), OddImage(path: "a", message: "x")]
    #expect(OddImage.summary(two)?.hasPrefix("2 files are") == true)
    #expect(OddImage.summary(two)?.hasSuffix("the first is a: x") == true)
  }
}
