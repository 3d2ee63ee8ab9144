"""Every line of the regulation, in its order, with the tests that keep it; or, where there is nothing for a program to keep, why.

`LINES[section]` is a list of (line, tests or reason). Tests are named without their file, so that they may move. `test_every_line.py` fails where a name is no test any more.
"""


class Not(str):
    """Why no test keeps the line: what it asks for lies outside a register, or belongs to a business that the house does not have yet."""

    __slots__ = ()


GRADUATION, MARKS = Not("later: graduation and roll-over"), Not("later: marks and growth")
PAPER = Not("asked of the paper file, which lies with the registrar")
TEXT = Not("tells what there is; nothing is done or refused by it")

LINES = {
    "0 N25": [
        ("1-5 aim, who, tiers", Not("section 1")),
        ("6-13 number for life, valid document, file in two months, no second record", (
            "test_first_registration_is_against_a_valid_identity_document", "test_the_record_is_made_within_two_months_and_after_one_the_school_is_reminded",
            "test_an_identity_number_already_entered_is_refused_and_a_look_alike_is_looked_at", "test_whatever_is_done_in_whatever_order")),
        ("10 foreign, Hong Kong, Macao, Taiwan pupils", ("test_article_10_pupils_from_abroad_register_with_a_valid_document",)),
        ("14 special education: a lower grade", ("test_special_education_may_place_in_a_lower_grade_by_article_14",)),
        ("15 transfer: receiving school starts, four offices, ten working days each", (
            "test_article_15_the_receiving_school_starts_then_both_sides_examine", "test_article_15_each_office_has_ten_working_days_from_the_day_after_arrival",
            "test_four_offices_decide_in_turn_and_the_pupil_moves", "test_tenth_and_eleventh_working_day")),
        ("15 the releasing school keeps the electronic file", ("test_access_moves_and_the_old_school_keeps_its_copy_of_that_day",)),
        ("16-23 suspension: guardian applies, school confirms, office approves", ("test_the_guardian_asks_in_writing_the_school_examines_the_authority_approves",)),
        ("24 passwords changed, accounts unused for half a year sealed", (
            "test_a_password_older_than_the_county_allows_is_changed_at_the_next_sign_in", "test_an_account_unused_for_half_a_year_is_sealed_by_the_daily_job",
            "test_article_24_an_account_unused_for_half_a_year_is_sealed")),
        ("24 data go out for a stated use, masked, and who let them out answers", (
            "test_a_list_is_exported_as_it_stands_masked_with_its_purpose", "test_the_list_of_new_pupils_has_whole_numbers_and_asks_what_for")),
        ("25 every record checked at least once a term, 人籍分离 and 空挂 dealt with at once", (
            "test_a_class_is_checked_once_a_term_and_again_in_the_next", "test_another_number_in_the_room_is_told_with_who_is_missing",
            "test_the_reminder_stands_on_the_desk_in_the_last_weeks_of_the_term",
            "test_a_pupil_on_the_roll_who_stays_away_is_found_after_the_twentieth_school_day", "test_it_is_one_of_the_chores_of_the_night",
            "test_who_is_suspended_and_who_comes_and_goes_stand_on_the_list_of_each_school")),
    ],
    "0 N13": [
        ("4 school enters, authority approves", ("test_an_application_makes_a_pending_pupil_and_holds_her_place", "test_approved_she_reads_here_with_a_number_of_the_county")),
        ("5 one number a person, for life", ("test_a_number_that_was_brought_stays", "test_a_child_from_elsewhere_keeps_the_number_she_was_given", "test_the_number_stays")),
        ("6 no false record, no second one", ("test_the_same_number_is_never_entered_twice", "test_one_child_twice_without_a_number_is_found_once")),
        ("6 no school takes a pupil whose transfer is not done", ("test_before_the_effect_the_receiving_side_reads_what_was_applied_with_and_no_more",)),
        ("7 file within a month, seven kinds of content", ("test_1_the_record_takes_two_months_and_one_where_the_province_kept_the_older_rule",)),
        ("8 electronic and paper file", PAPER),
        ("9 the file goes to the next school, the old one keeps a backup", ("test_access_moves_and_the_old_school_keeps_its_copy_of_that_day", "test_a_school_closes_when_nobody_learns_or_works_there")),
        ("10 basic data: the school changes, the authority approves", ("test_key_items_are_shown_and_not_asked", "test_they_go_by_application_school_and_authority_with_scans")),
        ("11 conditions are the province's", ("test_a_row_of_the_table_with_its_default_and_the_known_others", "test_a_county_has_its_own_rules_before_its_city_s_and_its_province_s")),
        ("12 promotion is done by the system", GRADUATION),
        ("13 changes entered in time, authority updates in time", ("test_by_body_how_many_are_due_and_overdue_and_since_when", "test_a_silent_office_does_not_stop_it")),
        ("14 as N25 15", ("test_article_15_each_office_has_ten_working_days_from_the_day_after_arrival",)),
        ("15 the old school sends the file within a month", ("test_the_old_school_is_reminded_of_the_file_and_of_the_certificate_until_the_slip_is_back",)),
        ("16 the new school continues the file", ("test_the_spells_know_of_each_other",)),
        ("17 special and ordinary schools: the record moves or stays", ("test_special_education_may_place_in_a_lower_grade_by_article_14",)),
        ("18 schools run by city or province tell the county each term", ("test_article_18_the_county_reads_who_came_and_left_at_a_school_that_the_city_runs",)),
        ("19 suspension on written request, back at once, record kept", (
            "test_the_guardian_asks_in_writing_the_school_examines_the_authority_approves", "test_a_suspended_pupil_leaves_the_count_of_her_class_and_comes_back_to_it")),
        ("20 abroad with valid papers, back to the old file", (
            "test_article_20_going_abroad_hands_in_valid_papers_and_a_short_stay_is_a_suspension", "test_a_pupil_who_went_abroad_comes_back_to_her_own_record")),
        ("21 death within ten working days", ("test_article_21_a_death_is_reported_within_ten_working_days", "test_a_death_closes_the_record_and_clears_what_was_under_way")),
        ("22 dropout reported, record kept", (
            "test_a_child_who_stays_away_is_visited_reported_and_comes_back_to_the_same_record", "test_the_record_is_kept_to_the_end_of_the_school_year_in_which_she_turns_sixteen")),
        ("22 a migrant child's file goes home at the end of term", ("test_the_county_is_reminded_from_the_last_day_of_the_term_until_the_file_is_sent",)),
        ("23 registrar named", ("test_one_proposes_another_confirms_and_only_then_it_grants",)),
        ("24 check each term", ("test_a_class_is_checked_once_a_term_and_again_in_the_next",)),
        ("25 nothing given out without written approval", Not("N25 24, which is newer (section 15, 10)")),
        ("26, 27 liability", ("test_by_body_how_many_are_due_and_overdue_and_since_when",)),
    ],
    "1": [
        ("pupils, 学籍, two kinds of data", ("test_key_basic_and_sealed_items_are_marked",)),
        ("tiers: province, city, county, school", ("test_a_school_that_a_city_runs_is_decided_by_the_city_and_found_by_its_county",)),
        ("一人一籍, 籍随人走", ("test_whatever_is_done_in_whatever_order", "test_four_offices_decide_in_turn_and_the_pupil_moves")),
        ("taught at home: the school that teaches makes the record", TEXT),
        ("a record is the result of admission: none refused for lack of one", ("test_entered_into_a_higher_grade_she_takes_a_place_of_the_class_and_none_of_the_plan",)),
        ("Sino-foreign programmes, schools abroad", Not("kept by city and province, outside a county's register")),
        ("职普融通 has rules of its own", ("test_senior_and_vocational_do_not_change_places_where_the_province_has_not_opened_it",)),
        ("schools run by province or city tell the county", ("test_article_18_the_county_reads_who_came_and_left_at_a_school_that_the_city_runs",)),
    ],
    "2": [
        ("six by 31 August, a day short waits", ("test_six_full_years_by_31_august_and_a_day_short_waits_a_year",)),
        ("delay to seven, longer approved", ("test_seven_where_the_local_law_lets_it_and_beyond_that_a_delay_has_to_be_approved",)),
        ("two months, one month, ten working days", ("test_the_record_is_made_within_two_months_and_after_one_the_school_is_reminded",)),
        ("valid identity document", ("test_first_registration_is_against_a_valid_identity_document",)),
        ("look for an earlier record first; sex and birth date from the number", (
            "test_an_identity_number_already_entered_is_refused_and_a_look_alike_is_looked_at", "test_sex_and_birth_date_are_those_of_the_identity_number")),
        ("the form again at junior and senior", GRADUATION),
        ("form signed by the guardian", ("test_check_sheets_of_a_class_come_in_one_file_and_are_counted",)),
        ("audit by 30 September, duplicates by 30 October, lock at the end of September", (
            "test_the_yearly_days_are_30_september_for_the_audit_and_the_lock_and_30_october_for_duplicates", "test_the_years_new_pupils_by_30_october",
            "test_new_pupils_data_are_locked_when_30_september_is_over")),
        ("names within a month of entry (Zhushan)", ("test_in_zhushan_a_new_pupil_is_renamed_within_one_month_of_entry", "test_a_new_pupil_is_renamed_within_one_month_in_zhushan_and_at_any_time_elsewhere", "test_a_new_pupil_is_renamed_within_the_month_of_the_rules")),
        ("no more than the quota", ("test_new_records_do_not_exceed_the_plan", "test_two_who_come_at_once_do_not_share_the_last_place")),
        ("senior, not reported in two weeks", ("test_a_senior_pupil_who_does_not_report_within_two_weeks_loses_the_place",)),
    ],
    "3": [
        ("G, L, J + 18", ("test_an_l_number_is_judged_by_its_shape_alone", "test_shape_blocks_and_a_check_character_warns", "test_a_local_number_is_built_as_the_regulation_proposes")),
        ("18 digits of Shaanxi, 义务教育卡号 of Zhejiang, templates of provinces", (
            "test_the_auxiliary_number_of_shaanxi_has_eighteen_digits", "test_zhejiang_keeps_a_card_number_for_pupils_of_compulsory_stages",
            "test_the_auxiliary_number_is_made_by_the_template_of_the_province")),
        ("学校标识码", ("test_school_codes_have_a_kind_and_a_province", "test_a_school_code_and_a_local_code_are_given_once")),
        ("class code 3 + 6 + 3", ("test_a_class_code_is_grade_three_school_six_serial_three",)),
        ("学生编码 never changes", ("test_a_borrowing_pupil_keeps_number_and_status_and_the_source_follows", "test_four_offices_decide_in_turn_and_the_pupil_moves")),
    ],
    "4": [
        ("basic data and their changes", ("test_each_old_and_new_value_stands_in_the_trace_numbers_masked",)),
        ("proofs", ("test_grounds_have_their_proofs_and_another_province_brings_the_card",)),
        ("awards and punishments", ("test_awards_and_punishments_stand_with_the_pupil_the_latest_first",)),
        ("quality report, fitness, aid, results", MARKS),
        ("at least one guardian", ("test_at_least_one_guardian_with_a_mobile",)),
        ("former name kept, one photo", ("test_a_former_name_still_finds_her_after_an_edit_and_no_longer_when_taken_back", "test_a_photo_lies_sealed_on_the_disk_and_only_the_last_counts")),
        ("custody", Not("N13 9, 15, 16")),
    ],
    "5": [
        ("started by the receiving school", ("test_article_15_the_receiving_school_starts_then_both_sides_examine", "test_receiving_school_first_is_the_rule_else")),
        ("ten working days each, five in a county that says so", ("test_article_15_each_office_has_ten_working_days_from_the_day_after_arrival", "test_a_county_of_five_days_has_five")),
        ("two persons in each office", ("test_the_first_agreement_leaves_the_case_on_its_desk_and_its_clock_running", "test_where_the_rules_ask_for_one_person_in_a_school_its_registrar_speaks_for_it")),
        ("same authority: three steps", ("test_under_one_authority_the_receiving_school_the_releasing_school_and_the_common_authority", "test_inside_a_county_three_offices_and_no_search_row_of_another")),
        ("different counties: four", ("test_four_offices_decide_in_turn_and_the_pupil_moves",)),
        ("different provinces: a switch", ("test_province_steps_are_a_switch_and_off", "test_across_provinces_the_provinces_by_policy")),
        ("senior: the city", ("test_senior_pupils_go_through_the_city_once_where_both_lie_in_it",)),
        ("the old order", ("test_the_old_order_lets_the_releasing_school_start_and_the_target_accept", "test_releasing_school_first_where_the_rules_say_so")),
        ("允许转学指令", ("test_zhejiang_gives_an_instruction_and_only_then_the_school_draws", "test_an_instruction_that_nobody_draws_lapses_after_its_ninetieth_day")),
        ("from outside: search first, transfer or new record", ("test_a_child_from_elsewhere_keeps_the_number_she_was_given", "test_the_same_number_is_never_entered_twice")),
        ("to outside: never a dropout", ("test_leaving_the_area_is_not_dropping_out", "test_4_leaving_the_city_is_a_line_of_the_old_report_and_never_a_dropout")),
        ("no change of grade, five and six years", ("test_no_change_of_grade_and_another_length_of_primary_school_counts_the_years", "test_five_and_six_years_of_primary_school_meet")),
        ("windows", ("test_windows_a_week_around_each_end_of_a_term_the_holidays_two_months_ten_working_days_or_none", "test_outside_the_window_a_special_case_goes_on_with_the_bureaus_tick")),
        ("the pause, graduating grades from 1 July, cleared on 15 July", (
            "test_no_new_transfer_from_15_july_to_14_august", "test_no_new_business_for_graduating_grades_from_1_july", "test_on_15_july_the_open_cases_of_graduating_grades_are_cleared")),
        ("papers three months", ("test_papers_hold_for_three_months_and_an_instruction_for_ninety_days", "test_it_holds_for_three_months_to_its_last_day")),
        ("not while suspended or punished", ("test_not_while_suspended_or_lost_first_back_then_transfer", "test_not_while_under_punishment_unless_the_county_lets_it")),
        ("not in the first term nor the graduating grade", ("test_not_in_the_first_term_of_the_first_grade", "test_not_in_the_graduating_grade_of_a_primary_of_six_or_five_years_or_a_junior_school")),
        ("one open application; no open problem record", ("test_one_open_application_and_no_open_problem_record",)),
        ("not where no place is left", ("test_not_where_no_place_is_left", "test_a_class_that_filled_up_meanwhile_is_told_with_who_took_the_last_place")),
        ("no school orders a transfer", Not("who applies is a guardian by the form; what was said before it no program sees")),
        ("grounds and proofs", ("test_grounds_have_their_proofs_and_another_province_brings_the_card",)),
        ("refusal only for a listed reason", ("test_a_refusal_needs_a_listed_reason_on_both_sides", "test_every_desk_may_refuse_with_a_listed_reason_and_all_is_as_before")),
        ("a school may not hold a record back", ("test_a_silent_office_does_not_stop_it",)),
        ("senior and vocational", ("test_senior_and_vocational_do_not_change_places_where_the_province_has_not_opened_it",)),
        ("转学证明, 存根, 回执 or a statement", ("test_the_certificate_is_of_the_old_school_and_its_receipt_the_old_schools_task", "test_without_a_receipt_a_statement_is_filed")),
    ],
    "6": [
        ("guardian, school, authority", ("test_the_guardian_asks_in_writing_the_school_examines_the_authority_approves",)),
        ("certificate of a county hospital; police; passport", ("test_illness_needs_a_county_hospital_force_majeure_the_police_abroad_a_passport",)),
        ("three months absent", ("test_absent_for_three_months_or_more",)),
        ("one year, three months in Zhushan", ("test_at_most_one_year_and_in_zhushan_three_months_and_not_a_day_more", "test_one_suspension_lasts_twelve_months_to_the_day")),
        ("counted from the first lesson missed", ("test_counted_from_the_first_lesson_missed_which_may_be_past",)),
        ("renewal", (
            "test_renewal_is_asked_from_thirty_days_before_the_end_to_thirty_days_after", "test_renewed_for_one_more_year_with_a_fresh_certificate",
            "test_renewed_once_and_a_second_time_only_as_an_exception_in_compulsory_stages", "test_two_years_in_all_beyond_it_a_senior_pupil_has_to_withdraw")),
        ("answer within ten working days each", ("test_article_15_each_office_has_ten_working_days_from_the_day_after_arrival",)),
        ("record kept, not in the class size, no transfer", ("test_the_record_is_kept_she_is_out_of_the_class_count_and_does_not_transfer", "test_a_suspended_pupil_leaves_the_count_of_her_class_and_comes_back_to_it")),
        ("graduating grades", ("test_graduating_grades_generally_none_with_principal_class_teacher_and_authority", "test_in_liaoning_none_in_the_last_term",
                               "test_of_a_graduating_pupil_the_signatures_of_principal_and_class_teacher_are_asked_for")),
        ("abroad for a time: suspension", ("test_article_20_going_abroad_hands_in_valid_papers_and_a_short_stay_is_a_suspension",)),
        ("resumption a week before the end", ("test_resumption_is_asked_one_week_before_the_end", "test_a_suspension_reminds_on_its_days")),
        ("grade on return", ("test_up_to_three_months_the_same_grade_longer_the_next_lower_one_too_never_a_higher_one",
                             "test_the_next_lower_one_of_her_own_stage_nobody_goes_back_from_junior_to_primary_school", "test_a_full_class_takes_her_back_with_a_warning_she_has_a_right_to_return")),
        ("not back: dropout after 14 days, withdrawal after 30", (
            "test_not_back_the_school_asks_after_two_weeks_it_is_a_dropout_after_thirty_days_a_withdrawal", "test_in_sichuan_a_senior_pupil_withdraws_at_once",
            "test_two_weeks_after_the_end_of_a_suspension_a_child_who_is_not_back_is_reported", "test_thirty_days_after_the_end_of_a_suspension_are_a_ground")),
        ("missing pupils are resumed, no second record", ("test_a_child_who_stays_away_is_visited_reported_and_comes_back_to_the_same_record",)),
    ],
    "7": [
        ("dropout reported, record kept, county approves", ("test_a_child_who_stays_away_is_visited_reported_and_comes_back_to_the_same_record", "test_the_record_is_kept_to_the_end_of_the_school_year_in_which_she_turns_sixteen")),
        ("no withdrawal in compulsory stages", ("test_no_withdrawal_and_no_expulsion_in_compulsory_stages", "test_in_compulsory_schooling_the_service_itself_refuses")),
        ("senior: 15 days on end, 45 a term, one month", ("test_fifteen_days_on_end_without_leave_are_a_senior_withdrawal", "test_or_forty_five_days_of_one_term", "test_days_of_a_term_are_counted_in_that_term_alone", "test_in_shandong_one_month")),
        ("school, county, city; the notice to the guardian", ("test_senior_school_county_and_city_decide", "test_the_notice_says_why_and_who_agreed_to_it")),
        ("report after five school days, dropout after twenty with a visit", (
            "test_twenty_school_days_missed_are_a_dropout_nineteen_are_not", "test_at_least_one_visit_before_the_report", "test_school_days_are_working_days_of_the_term_over_the_national_holiday",
            "test_reported_after_five_days_in_guangdong_dropout_after_four_weeks_in_liaoning", "test_a_child_is_reported_on_the_twentieth_school_day_missed_not_before")),
        ("dropout and transfer are not mixed", ("test_whoever_goes_to_school_elsewhere_is_a_transfer_and_no_dropout", "test_who_goes_to_school_elsewhere_is_no_dropout")),
        ("monthly by the 28th", ("test_the_list_of_dropouts_goes_up_by_the_28th",)),
        ("四查三比对", ("test_a_pupil_on_the_roll_who_stays_away_is_found_after_the_twentieth_school_day",)),
        ("death, loss of ability", ("test_article_21_a_death_is_taken_for_every_status_and_at_any_time", "test_loss_of_ability_goes_the_way_of_a_death_and_teaching_at_home_is_offered_first")),
        ("abroad and back", (
            "test_article_20_going_abroad_hands_in_valid_papers_and_a_short_stay_is_a_suspension", "test_a_pupil_who_went_abroad_comes_back_to_her_own_record",
            "test_she_is_found_applied_for_sent_back_mended_and_reads_in_her_grade")),
        ("under arrest: record kept", Not("no act ends a record for it; a suspension with the court's paper, reason 35")),
    ],
    "8": [
        ("no repeating, no skipping; special education one grade", ("test_no_repeating_and_no_skipping_but_in_special_education", "test_special_education_repeats_at_most_one_grade", "test_hebei_cites_its_own_rules_and_another_province_may_open_it")),
        ("inside the stage, one grade, where there is a place", ("test_one_grade_and_inside_the_stage", "test_a_full_class_takes_nobody_who_skips_or_repeats")),
        ("at the start of a school year", ("test_it_takes_effect_at_the_start_of_a_school_year",)),
        ("not in disguise", ("test_transfer_and_resumption_are_not_used_to_repeat_in_disguise", "test_who_has_just_come_repeats_no_grade_in_disguise")),
        ("no repeating after the junior certificate", ("test_whoever_has_the_junior_certificate_does_not_repeat",)),
        ("a school may not order it", Not("who applies is a guardian by the form")),
        ("no expulsion in compulsory stages; senior: notified and reported", ("test_no_withdrawal_and_no_expulsion_in_compulsory_stages", "test_a_senior_pupil_is_expelled_by_school_and_county_once_the_guardian_knows")),
    ],
    "9": [
        ("graduation by 30 July, promotion on 10 August 24:00", ("test_graduation_is_done_by_30_july_and_promotion_on_10_august",)),
        ("open business of graduating grades ended or cleared", (
            "test_no_new_business_of_any_kind_for_graduating_grades_from_1_july", "test_nor_a_record_made_later_for_one", "test_but_death", "test_what_is_open_of_graduating_grades_on_15_july_is_cleared",
            "test_on_15_july_the_open_cases_of_graduating_grades_are_cleared")),
        ("only who reads graduates; school or county; destination; 毕业, 结业, 肄业; taken back", GRADUATION),
        ("primary to junior, junior to senior", GRADUATION),
        ("to another province: its seasons", ("test_moving_up_to_another_province_is_open_from_15_august_to_14_december_and_from_1_march_to_31_may",)),
    ],
    "10": [
        ("class size", ("test_a_class_holds_45_in_primary_50_in_junior_and_senior_schools", "test_hebei_limits_by_its_own_rules")),
        ("大班额, 超大班额", ("test_from_56_it_is_large_from_66_huge",)),
        ("balanced classes, no key classes", Not("how a school makes its classes; their sizes stand side by side on the page of classes")),
        ("cross-region recruiting", ("test_within_a_city_both_counties_agree_and_the_city_is_told", "test_between_cities_both_cities_agree_and_the_province_is_told", "test_an_instruction_names_one_pupil_and_no_more_than_were_agreed")),
        ("borrowing", ("test_a_long_borrower_should_be_transferred", "test_a_borrowing_pupil_keeps_number_and_status_and_the_source_follows")),
    ],
    "11": [
        ("ordinary and key items", ("test_key_items_are_name_sex_birth_document_and_by_prudence_nationality_and_overseas_status", "test_they_go_by_application_school_and_authority_with_scans", "test_nothing_changed_is_no_application")),
        ("the number stays", ("test_the_number_stays",)),
        ("the province last where it says so", ("test_the_province_comes_last_where_the_rules_say_so",)),
        ("scans: pictures, 2 MB", ("test_scans_are_pictures_and_beyond_two_megabytes_there_is_a_warning",)),
        ("a fresh duplicate check", ("test_a_key_change_triggers_a_fresh_duplicate_check", "test_a_number_that_is_another_childs_is_refused_and_one_taken_meanwhile_at_the_last_step")),
        ("old value, new value, who, when, for good", ("test_each_old_and_new_value_stands_in_the_trace_numbers_masked",)),
        ("photos: download, then upload again", ("test_every_file_that_is_not_put_says_why_and_nothing_of_other_schools",)),
    ],
    "12": [
        ("types and ways", ("test_which_way_is_open_to_which_type", "test_which_way_is_open_to_which_kind", "test_only_a_record_that_was_put_in_question_is_settled", "test_corrected_without_a_correction_is_minded")),
        ("one school acts, two agree, counties agree", ("test_between_two_counties_the_other_one_agrees", "test_both_records_of_this_house_are_marked_and_each_county_settles_its_own")),
        ("import does not excuse the check digit", ("test_twenty_kinds_of_mistake_each_in_its_cell_and_none_invented",)),
        ("same pupil in two schools", ("test_one_record_survives_and_the_other_points_to_it",)),
        ("removed ones stay visible", ("test_removed_the_record_is_cancelled_and_its_numbers_are_free",)),
        ("transfer is blocked meanwhile", ("test_while_it_is_open_nobody_transfers",)),
    ],
    "13": [
        ("exports with purpose, masked", ("test_a_list_is_exported_as_it_stands_masked_with_its_purpose",)),
        ("passwords, half a year", ("test_article_24_an_account_unused_for_half_a_year_is_sealed",)),
        ("named registrar; no shared accounts", ("test_one_person_may_hold_several_posts", "test_nobody_takes_anothers_post")),
        ("liability: what is late or wrong is listed", ("test_by_body_how_many_are_due_and_overdue_and_since_when",)),
        ("every operation traced", ("test_whatever_is_altered_is_named_where_it_stands",)),
        ("personal data of under-14s", Not("what a law orders to be recorded; not settled by the regulation")),
    ],
    "14": [
        ("the table of settings", ("test_a_row_of_the_table_with_its_default_and_the_known_others", "test_what_nobody_has_checked_says_so", "test_every_setting_is_read_by_a_rule_or_says_what_it_waits_for")),
        ("a case keeps the rules of its day", ("test_a_case_begun_before_keeps_its_rules_and_one_begun_today_has_the_new_ones", "test_rules_are_those_of_the_day_it_began")),
    ],
    "15": [
        ("1 time to make the record", ("test_1_the_record_takes_two_months_and_one_where_the_province_kept_the_older_rule",)),
        ("2 three months of suspension", ("test_2_three_months_of_suspension_stand_in_the_profile_of_zhushan_only",)),
        ("3 who starts a transfer", ("test_3_the_releasing_school_starts_only_where_a_profile_says_so",)),
        ("4 leaving the city", ("test_4_leaving_the_city_is_a_line_of_the_old_report_and_never_a_dropout",)),
        ("5 class accounts", Not("later: class accounts")),
        ("6 transfer: grounds needed, none refused without a listed reason", ("test_a_refusal_needs_a_listed_reason_on_both_sides",)),
        ("7 attendance never waits for the record", ("test_before_the_effect_the_receiving_side_reads_what_was_applied_with_and_no_more",)),
        ("8 county approval of graduation", ("test_8_the_county_approves_a_graduation_because_of_the_stamp",)),
        ("9 L numbers: shape alone", ("test_an_l_number_is_judged_by_its_shape_alone",)),
        ("10 who approves giving data out", ("test_a_list_is_exported_as_it_stands_masked_with_its_purpose",)),
    ],
}
