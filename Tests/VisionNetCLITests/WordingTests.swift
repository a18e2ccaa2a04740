import Testing
import VisionNet

@testable import VisionNetCLI

/// Texts that several commands share.
@Suite struct WordingTests {
  @Test(arguments: [
    (["evaluate", "-m", "runs/dogs", "dogs"], ["evaluate", "runs/dogs", "dogs"]),
    (["evaluate", "dogs", "-m", "runs/dogs"], ["evaluate", "runs/dogs", "dogs"]),
    (["quantize", "dogs", "--model", "a.onnx", "-q"], ["quantize", "a.onnx", "dogs", "-q"]),
    (["inspect", "--plan", "--model=a.onnx"], ["inspect", "a.onnx", "--plan"]),
    // Where images are the arguments, the flag is the command's own.
    (["classify", "-m", "a.onnx", "b.jpg"], ["classify", "-m", "a.onnx", "b.jpg"]),
    (["bench", "a.onnx"], ["bench", "a.onnx"]), (["run", "-m"], ["run", "-m"]),
    (["export", "-m", "-o", "b.onnx"], ["export", "-m", "-o", "b.onnx"]),
    (["inspect", "--", "-m", "a.onnx"], ["inspect", "--", "-m", "a.onnx"]), ([], []),
  ])
  func aModelCanBeGivenByAFlag(_ given: [String], _ moved: [String]) {
    #expect(ModelArgument.moved(given) == moved)
  }

  @Test func evaluatedImagesAreNamedByTheirSplit() {
    #expect(EvaluatedImages(count: 72, part: "test").progress == "evaluating 72 images (split test)")
    #expect(EvaluatedImages(count: 1, part: "all").progress == "evaluating 1 image (all splits)")
    #expect(EvaluatedImages(count: 72, part: "test").phrase == "72 test images")
    #expect(EvaluatedImages(count: 1, part: "train").phrase == "1 training image")
    #expect(EvaluatedImages(count: 120, part: "all").phrase == "120 images")
  }

  @Test func messagesOfTheParserBeginSmall() {
    #expect(Main.beginningSmall("Unknown option '-x'") == "unknown option '-x'")
    #expect(Main.beginningSmall("'0' is no number") == "'0' is no number")
    #expect(Main.beginningSmall("BatchNorm is unknown") == "BatchNorm is unknown")
    #expect(Main.beginningSmall("ONNX is") == "ONNX is")
  }

  @Test func aPathInTheCacheBecomesTheNameOfTheModel() {
    let path = "/home/me/.cache/visionnet/yunet-2023.onnx"
    #expect(ModelLocator.replacing("\(path): not \(path)!", path, by: "yunet") == "yunet: not yunet!")
    #expect(ModelLocator.replacing("a: b", path, by: "yunet") == "a: b")
  }

  @Test func aRemedyAndItsFlagShareParentheses() {
    let error = ClassifierError(.preprocessing, "nobody says how", place: "a.onnx", remedy: "give a name")
    #expect(
      FlagHint.description(of: error)
        == "a.onnx: nobody says how (give a name; --preprocessing NAME|FILE)")
    let bare = ClassifierError(.preprocessing, "nobody says how")
    #expect(FlagHint.description(of: bare) == "nobody says how (--preprocessing NAME|FILE)")
  }

  @Test func largeNumbersStandInGroups() {
    #expect(Figures.grouped(0) == "0" && Figures.grouped(999) == "999" && Figures.grouped(1000) == "1,000")
    #expect(Figures.grouped(11_181_642) == "11,181,642" && Figures.grouped(-123_456) == "-123,456")
  }
}
