from app.identity import masks


def test_one_mask_for_id_numbers_and_record_numbers_alike():
    assert masks.number("420323201803210011") == "4203**********▪▪▪▪"
    assert masks.number("G420323201803210011") == "G420***********▪▪▪▪"


def test_short_numbers_show_less_and_nothing_is_nothing():
    assert [masks.number(no) for no in ("E12345678", "H123456", "12345", "1234", "", None)] == [
        "E123*▪▪▪▪",
        "H12▪▪▪▪",
        "1▪▪▪▪",
        "▪▪▪▪",
        "",
        "",
    ]


def test_a_mask_never_keeps_birth_date_or_last_four():
    for no in ("420323201803210011", "L420323201803210011", "420323201803219876"):
        assert "2018" not in masks.number(no)
        assert no[-4:] not in masks.number(no)
        assert len(masks.number(no)) == len(no)


def test_phones_keep_what_tells_two_of_them_apart():
    assert [masks.phone(no) for no in ("13800002046", "0719-1234567", "010-12345678", "0719-1234567-801", "110", None)] == [
        "138****2046",
        "0719-***4567",
        "010-****5678",
        "0719-*******-801",
        "***",
        "",
    ]


def test_names_on_the_public_check_lose_their_middle():
    assert [masks.name(name) for name in ("陆思远", "陆远", "欧阳清禾", "买买提·艾力", "周𬱖", "远", "", None)] == [
        "陆*远",
        "陆*",
        "欧**禾",
        "买****力",
        "周*",
        "*",
        "",
        "",
    ]


def test_numbers_that_someone_wrote_into_a_text_are_masked_and_others_stay():
    assert [masks.within(text) for text in (
        "420323201803210011.jpg", "王明 G420323201803210011.JPG", "４２０３２３２０１８０３２１００１１", "420323-20180321-001X 王明.png", "E12345678.jpg", "13800002046", "IMG_20260911.jpg", "23 王明.jpg",
    )] == [
        "4203**********▪▪▪▪.jpg", "王明 G420***********▪▪▪▪.JPG", "4203**********▪▪▪▪", "4203************▪▪▪▪ 王明.png", "E123*▪▪▪▪.jpg", "1380***▪▪▪▪", "IMG_20260911.jpg", "23 王明.jpg",
    ]
