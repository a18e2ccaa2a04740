import Testing
import VisionSystem
import VisionImage
import VisionTestSupport

@testable import VisionData

@Suite struct DataPartTests {
  @Test(arguments: [
    "train", "01_train", "1-Training", "Training", "TRAIN", "trn", "train_set", "trainset", "train-images",
    "seg_train", "Train2017",
    "training data", "images_train", "train_val",
  ]) func namesOfImagesToTrainOn(_ name: String) { #expect(DataPart(name) == .train) }

  @Test(arguments: [
    "val", "Valid", "VALIDATION", "dev", "eval", "validate", "val_set", "valset", "validation-images",
    "val2017",
    "evaluation",
  ]) func namesOfImagesToValidate(_ name: String) { #expect(DataPart(name) == .val) }

  @Test(arguments: [
    "test", "Testing", "TEST", "tst", "test_set", "seg_test", "holdout", "hold-out", "test1", "testdata",
    "PrivateTest",
  ]) func namesOfImagesToTest(_ name: String) { #expect(DataPart(name) == .test) }

  @Test(arguments: [
    "", "cat", "control", "trains", "invalid", "test tube", "train station", "set", "images", "detest",
    "valley", "device", "attest", "0", "日本", "training shoes", "setter",
  ]) func othersAreNone(_ name: String) { #expect(DataPart(name) == nil) }

  @Test func fillersSayNothing() {
    for name in ["images", "dataset", "img_data"] { #expect(DataPart.isFiller(name)) }
    for name in ["cats", "train", "", "0"] { #expect(!DataPart.isFiller(name)) }
    #expect(DataPart.isEvaluation("Eval") && !DataPart.isEvaluation("val"))
  }
}
